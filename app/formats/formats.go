// Package formats writes tokens as what a person pastes and a program reads: a
// header line, a curl line, a line that sets a variable of a shell.
//
// It is the one place for these texts, so that the command line, the tray and
// the window hand out the same. It must never show a text to anybody, put one
// into the arguments or the environment of a process, or let what a provider
// or a settings file says be split into several words of a shell.
package formats

import (
	"runtime"
	"strings"

	"keyfob/auth"
)

// Format is a way of writing tokens.
type Format string

// The formats.
const (
	Token   Format = "token"    // the access token alone
	Header  Format = "header"   // Authorization: Bearer … (RFC 6750 section 2.1)
	Curl    Format = "curl"     // a call of the address with that header
	Env     Format = "env"      // sets Variable in a shell
	IDToken Format = "id_token" // the ID token alone
)

// Variable is the environment variable that [Env] sets.
const Variable = "KEYFOB_TOKEN"

// Shell is whose words a line is made of.
type Shell string

// The shells.
const (
	POSIX      Shell = "posix" // sh, bash, zsh, fish and others
	PowerShell Shell = "powershell"
)

// Usual is the shell that a person of this system has.
func Usual() Shell {
	if runtime.GOOS == "windows" {
		return PowerShell
	}
	return POSIX
}

// Text writes t for the usual shell of this system. See [Shell.Text].
func Text(f Format, address string, t auth.Tokens) (auth.Secret, error) {
	return Usual().Text(f, address, t)
}

// Text writes t in the format f, without a line end. address is what [Curl]
// calls, such as the tool's home page, and is not looked at by the others.
//
// Errors are of KindUsage for a format that nobody knows, KindSetup for an
// address that is missing or cannot be called, KindFailed for tokens that are
// not there, and KindProtocol for one that does not fit into a line.
func (s Shell) Text(f Format, address string, t auth.Tokens) (auth.Secret, error) {
	if f == IDToken {
		if t.ID == "" {
			return "", &auth.Error{
				Kind: auth.KindFailed,
				Code: auth.CodeNoIDToken,
				What: "the provider issued no ID token",
				Do:   `sign in with "openid" among the scopes`,
				Who:  auth.WhoSetup,
			}
		}
		return t.ID, nil
	}
	if t.Access == "" {
		return "", &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeNoToken,
			What: "there is no access token",
			Do:   "sign in first",
			Who:  auth.WhoYou,
		}
	}
	switch f {
	case Token:
		return t.Access, nil
	case Header, Curl, Env:
	default:
		return "", &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeFormat,
			What: "there is no format " + auth.Quote(string(f)),
			Who:  auth.WhoYou,
		}
	}
	if err := visible(t.Access); err != nil {
		return "", err
	}
	header := "Authorization: Bearer " + t.Access.Reveal()
	switch f {
	case Header:
		return auth.Secret(header), nil
	case Env:
		return auth.Secret(s.set(Variable, t.Access.Reveal())), nil
	}
	if s == PowerShell && strings.Contains(header, `"`) { // older versions lose it on the way to a program
		return "", unfit()
	}
	called, err := callable(address)
	if err != nil {
		return "", err
	}
	return auth.Secret(s.program("curl") + " -H " + s.word(header) + " " + s.word(called)), nil
}

// visible refuses a token that would not arrive as it is: a header carries no
// line end, and a shell's line nothing that a terminal acts on.
func visible(token auth.Secret) error {
	if strings.ContainsFunc(token.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
		return unfit()
	}
	return nil
}

func unfit() error {
	return &auth.Error{
		Kind: auth.KindProtocol,
		Code: auth.CodeBadToken,
		What: "the access token holds characters that do not fit into such a line",
		Do:   "use the token alone",
		Who:  auth.WhoYou,
	}
}

// set is the line that sets a variable for the programs that the shell starts.
func (s Shell) set(name, value string) string {
	if s == PowerShell {
		return "$env:" + name + " = " + s.word(value)
	}
	return "export " + name + "=" + s.word(value)
}

// program names a program so that the shell means no command of its own:
// Windows PowerShell calls something else curl.
func (s Shell) program(name string) string {
	if s == PowerShell {
		return name + ".exe"
	}
	return name
}

// word quotes visible ASCII so that the shell takes it as one word and changes
// nothing in it.
func (s Shell) word(text string) string {
	if s == PowerShell {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
