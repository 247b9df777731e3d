package process

import "keyfob/auth"

// MayChange says why a command that changes something must not run: as another user
// than the one whose home folder it would change, as under sudo. What it wrote
// would belong to the wrong one, and its tokens would be in nobody's keychain.
func MayChange(home string) error {
	if !othersHome(home) {
		return nil
	}
	return notYours(home, "nothing was changed")
}

// MayStart says why no engine must be started by a process with this environment:
// it would work for another user than the person, or with more rights. Its errors
// are of KindUsage. Who only asks an engine that runs may do so all the same.
func MayStart(getenv func(string) string) error {
	if by := steppedUp(getenv); by != "" {
		return &auth.Error{
			Kind: auth.KindUsage, Code: auth.CodeOthersHome, Who: auth.WhoYou,
			What: "keyfob does not start under " + by + ", where it would work for another user than you",
			Do:   "run it without " + by,
		}
	}
	if home := getenv("HOME"); othersHome(home) {
		return notYours(home, "it was not started")
	}
	if elevated() {
		return &auth.Error{
			Kind: auth.KindUsage, Code: auth.CodeElevated, Who: auth.WhoYou,
			What: "keyfob does not start as administrator, since the browser would run as administrator, too",
			Do:   "run it from an ordinary window",
		}
	}
	return nil
}

func notYours(home, so string) error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeOthersHome, Who: auth.WhoYou,
		What: "the home folder " + home + " belongs to another user than the one who runs keyfob, so " + so,
		Do:   "run it as that user, without sudo",
	}
}

// MayStay says why an engine must not go on that runs in a sandbox: where that keeps
// it from the keychain. reach asks the keychain, and is not called elsewhere: there an
// engine does without one. What is in a keychain that is locked can be reached.
func MayStay(reach func() error) error { return mayStay(sandbox("/"), reach) }

func mayStay(s confined, reach func() error) error {
	if s.name == "" {
		return nil
	}
	err := reach()
	if e := auth.AsError(err); err == nil || e.Code != auth.CodeKeychainAbsent && e.Code != auth.CodeKeychainFailed {
		return nil
	}
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeSandbox, Who: auth.WhoYou, Err: err,
		What: "keyfob does not start inside of " + s.name + ", which keeps it from the keychain",
		Do:   "run it outside of that, or " + s.allow,
	}
}

// confined is the sandbox that a process is in.
type confined struct {
	name  string // empty for none
	allow string // how a person lets it reach the keychain
}
