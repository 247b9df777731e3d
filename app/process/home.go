package process

import "keyfob/auth"

// MayChange says why a command that changes something must not run: as another user
// than the one whose home folder it would change, as under sudo. What it wrote
// would belong to the wrong one, and its tokens would be in nobody's keychain.
func MayChange(home string) error {
	if !othersHome(home) {
		return nil
	}
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeOthersHome, Who: auth.WhoYou,
		What: "the home folder " + home + " belongs to another user than the one who runs keyfob, so nothing was changed",
		Do:   "run it as that user, without sudo",
	}
}
