package auth

import "fmt"

// redacted is what every way of printing a Secret shows.
const redacted = "[secret]"

// Secret is a string that no format verb, encoder or logger prints. The one
// way to its value is [Secret.Reveal], so that every place which handles a
// secret can be found by searching for that word.
type Secret string

// Reveal returns the secret itself. Call it only to send the secret to the
// provider, to the keychain, or to the person who asked for it.
func (s Secret) Reveal() string { return string(s) }

// String implements [fmt.Stringer].
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format implements [fmt.Formatter], so that %q, %x and %#v are covered too.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText implements [encoding.TextMarshaler], which encoding/json and
// log/slog use.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
