package setup

import (
	"strings"

	"keyfob/auth"
	"keyfob/auth/plainfile"
)

// MaxSecret bounds a client secret, in bytes; real ones have under a hundred.
const MaxSecret = 16 << 10

// CheckSecret returns s as a client secret: printable ASCII, RFC 6749 appendix
// A.2. The error does not quote it.
func CheckSecret(s string) (auth.Secret, error) {
	bad := func(what string) (auth.Secret, error) {
		return "", &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeBadSecret,
			What: what,
			Do:   "copy it again from the provider",
			Who:  auth.WhoYou,
		}
	}
	switch {
	case strings.Contains(s, "\x00"):
		return "", &auth.Error{
			Kind: auth.KindUsage, Code: auth.CodeBadSecret,
			What: "the client secret came in UTF-16 without a byte-order mark",
			Do:   "send it in UTF-8 or ASCII; in PowerShell, set $OutputEncoding = [Text.Encoding]::ASCII first", Who: auth.WhoYou,
		}
	case s == "":
		return bad("the client secret is empty")
	case len(s) > MaxSecret:
		return bad("the client secret is longer than " + plainfile.Size(MaxSecret))
	case strings.TrimSpace(s) != s:
		return bad("the client secret begins or ends with a space")
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }):
		return bad("the client secret holds characters that none has")
	}
	return auth.Secret(s), nil
}
