package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"keyfob/auth"
	"keyfob/auth/session"
)

// What programs read. Its members are documented in assets/docs/json.md, and
// nothing else is in it: what the engine and the window tell each other may
// change with every version.

// statusJSON is a session.
type statusJSON struct {
	Tool          string       `json:"tool"`
	Name          string       `json:"name"`
	Home          string       `json:"home,omitempty"`
	API           string       `json:"api,omitempty"`
	State         string       `json:"state"`
	Account       string       `json:"account,omitempty"`
	Scopes        []string     `json:"scopes,omitempty"`
	SignedInAt    *instant     `json:"signed_in_at,omitempty"`
	AccessUntil   *instant     `json:"access_until,omitempty"`
	EndsAt        *instant     `json:"ends_at,omitempty"`
	RefreshAt     *instant     `json:"refresh_at,omitempty"`
	SignInAt      *instant     `json:"sign_in_at,omitempty"`
	Renewal       *renewalJSON `json:"renewal,omitempty"`
	Store         string       `json:"store,omitempty"`
	Service       bool         `json:"service,omitempty"`
	SecretExpires *instant     `json:"client_secret_expires,omitempty"`
	Problem       *problemJSON `json:"problem,omitempty"`
	Warnings      []string     `json:"warnings,omitempty"`
}

type renewalJSON struct {
	Mode       string `json:"mode"`
	Reason     string `json:"reason,omitempty"`
	Bound      string `json:"bound,omitempty"`
	AddOffline bool   `json:"add_offline,omitempty"`
}

type problemJSON struct {
	Kind       string `json:"kind"`
	Code       string `json:"code,omitempty"`
	What       string `json:"what"`
	Do         string `json:"do,omitempty"`
	Who        string `json:"who,omitempty"`
	Detail     string `json:"detail,omitempty"`
	Ref        string `json:"ref,omitempty"`
	Link       string `json:"link,omitempty"`
	RetryAfter int64  `json:"retry_after,omitempty"` // seconds
}

func sessionsJSON(all []session.Snapshot) []statusJSON {
	out := make([]statusJSON, 0, len(all))
	for _, s := range all {
		one := statusJSON{
			Tool: s.Tool, Name: s.Name, Home: s.Home, API: s.API, State: string(s.State), Account: s.Account, Scopes: s.Scopes,
			SignedInAt: at(s.SignedInAt), AccessUntil: at(s.AccessUntil), EndsAt: at(s.EndsAt),
			RefreshAt: at(s.RefreshAt), SignInAt: at(s.SignInAt),
			Store: s.Store, Service: s.Service, SecretExpires: at(s.SecretExpires), Warnings: s.Warnings,
		}
		if r := s.Renewal; r != nil {
			one.Renewal = &renewalJSON{Mode: r.Mode, Reason: r.Reason, Bound: string(r.Bound), AddOffline: r.AddOffline}
		}
		if p := s.Problem; p != nil {
			one.Problem = &problemJSON{
				Kind: string(p.Kind), Code: p.Code, What: p.What, Do: p.Do, Who: string(p.Who), Detail: p.Detail, Ref: p.Ref, Link: p.Link,
				RetryAfter: int64((p.RetryAfter + time.Second - 1) / time.Second),
			}
		}
		out = append(out, one)
	}
	return out
}

// tokenJSON is the access token for a program.
type tokenJSON struct {
	Tool    string   `json:"tool"`
	Token   string   `json:"access_token"`
	Type    string   `json:"token_type"`
	Expiry  *instant `json:"expires_at"`
	Scopes  []string `json:"scopes,omitempty"`
	Account string   `json:"account,omitempty"`
}

// instant is a moment as programs read it: RFC 3339 in UTC, in whole seconds.
type instant time.Time

// at is the moment, or nil for none.
func at(t time.Time) *instant {
	if t.IsZero() {
		return nil
	}
	i := instant(t)
	return &i
}

// MarshalText implements [encoding.TextMarshaler].
func (i instant) MarshalText() ([]byte, error) {
	return []byte(time.Time(i).UTC().Truncate(time.Second).Format(time.RFC3339)), nil
}

// PrintJSON writes v for a program. It says all that v says, and spells what
// would steer a terminal or turn the direction of writing as JSON can.
func PrintJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return write(w, string(spell(b.Bytes())))
}

// spell replaces characters that nobody sees by their escapes. In JSON they can
// stand in texts alone.
func spell(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == '\n' || !auth.Unseen(r):
			out = append(out, text[:n]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, "\\u%04x\\u%04x", high, low)
		default:
			out = fmt.Appendf(out, "\\u%04x", r)
		}
		text = text[n:]
	}
	return out
}
