package parse

import (
	"strings"

	"keyfob/auth"
)

// leastSecret is the length from which a token, or a part of one, is looked for
// inside of other text.
const leastSecret = 8

// reader reads tokens, and knows which texts must not come out of it.
type reader struct {
	whole []string // the tokens
	parts []string // and what of them must not be in any text, such as signatures
}

func newReader(t auth.Tokens) *reader {
	r := &reader{}
	for _, token := range []auth.Secret{t.Access, t.Refresh, t.ID} {
		text := token.Reveal()
		if text == "" {
			continue
		}
		r.whole = append(r.whole, text)
		if len(text) >= leastSecret {
			r.parts = append(r.parts, text)
		}
		segments := strings.Split(text, ".")
		if last := segments[len(segments)-1]; len(segments) > 1 && len(last) >= leastSecret {
			r.parts = append(r.parts, last)
		}
	}
	return r
}

// secret reports whether text holds one of the tokens, or looks like holding a
// token or a secret at all.
func (r *reader) secret(text string) bool {
	for _, s := range r.whole {
		if text == s {
			return true
		}
	}
	for _, s := range r.parts {
		if strings.Contains(text, s) {
			return true
		}
	}
	return secretShape().MatchString(text)
}

// secretName reports whether what goes by this name is a secret in whatever
// form. Entra, for one, can put another provider's access token into a claim.
func (r *reader) secretName(name string) bool {
	name = strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-. :/", r) {
			return -1
		}
		return r
	}, name))
	for _, end := range []string{
		"token", "tokens", "secret", "secrets", "password", "passwd", "passphrase", "apikey", "privatekey", "assertion", "cookie",
		"codeverifier", "authorizationcode", "devicecode",
	} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// secretMember reports whether a member of an object is the private half of a
// key (RFC 7518 section 6).
func (r *reader) secretMember(name, value string) bool {
	switch name {
	case "d", "p", "q", "dp", "dq", "qi", "k":
		return len(value) >= 16
	}
	return false
}

// line makes text from a provider fit to be shown, unless it is a secret.
func (r *reader) line(text string) string {
	if r.secret(text) {
		return hidden
	}
	text, _ = shorten(visible(text), maxValue)
	return text
}
