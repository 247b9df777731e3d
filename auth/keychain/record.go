package keychain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"keyfob/auth"
)

// maxRecord bounds one encoded token set, in bytes. A token answer has at most
// 1 MiB.
const maxRecord = 2 << 20

// record is a token set as it is stored and as it goes over the pipes of
// [Child]: the one codec. auth.Tokens itself encodes to "[secret]".
type record struct {
	Access        string       `json:"access"`
	Refresh       string       `json:"refresh,omitempty"`
	ID            string       `json:"id,omitempty"`
	Type          string       `json:"type"`
	Account       auth.Account `json:"account"`
	Scopes        []string     `json:"scopes,omitempty"`
	SignedInAt    time.Time    `json:"signed_in_at,omitzero"`
	IssuedAt      time.Time    `json:"issued_at,omitzero"`
	Expiry        time.Time    `json:"expiry"`
	RefreshExpiry time.Time    `json:"refresh_expiry,omitzero"`
	EndFixed      bool         `json:"refresh_end_fixed,omitempty"`
	Refused       bool         `json:"refresh_refused,omitempty"`
	Refusal       *auth.Error  `json:"refusal,omitempty"`
	AnswerLost    bool         `json:"answer_lost,omitempty"`
	Set           string       `json:"set"`
	Unverified    bool         `json:"unverified,omitempty"` // no longer written
	Asked         []string     `json:"asked,omitempty"`
	Client        string       `json:"client,omitempty"`
	Nonce         string       `json:"nonce,omitempty"`
	AuthTime      time.Time    `json:"auth_time,omitzero"`
	Unproven      bool         `json:"refresh_unproven,omitempty"`
}

// encode gives t as JSON in ASCII, which every keychain keeps as it is and
// which may be cut anywhere.
func encode(t auth.Tokens) ([]byte, error) {
	if t.Unverified {
		return nil, &auth.Error{Kind: auth.KindFailed, Code: auth.CodeUnverified, What: "tokens that were not checked cannot be stored"}
	}
	for _, s := range []auth.Secret{t.Access, t.Refresh, t.ID, t.Nonce} {
		if !utf8.ValidString(s.Reveal()) { // JSON would replace the bad bytes
			return nil, &auth.Error{Kind: auth.KindFailed, Code: auth.CodeBadToken, What: "a token is not text and cannot be stored"}
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(record{
		Access: t.Access.Reveal(), Refresh: t.Refresh.Reveal(), ID: t.ID.Reveal(), Type: t.Type,
		Account: t.Account, Scopes: t.Scopes,
		SignedInAt: wall(t.SignedInAt), IssuedAt: wall(t.IssuedAt), Expiry: wall(t.Expiry), RefreshExpiry: wall(t.RefreshExpiry),
		EndFixed: t.RefreshEndFixed, Refused: t.RefreshRefused, Refusal: t.Refusal, AnswerLost: t.AnswerLost, Set: t.Set, Asked: t.Asked,
		Client: t.Client,
		Nonce:  t.Nonce.Reveal(), AuthTime: wall(t.AuthTime), Unproven: t.RefreshUnproven,
	})
	if err != nil {
		return nil, &auth.Error{Kind: auth.KindFailed, Code: auth.CodeBadToken, What: "the tokens cannot be stored", Err: err}
	}
	out := ascii(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	if len(out) > maxRecord {
		return nil, &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeTooLarge,
			What: "the tokens are larger than 2 MiB and cannot be stored",
		}
	}
	return out, nil
}

// decode is the reverse of encode. Its error never quotes b.
func decode(b []byte) (auth.Tokens, error) {
	var r record
	if json.Unmarshal(b, &r) != nil {
		return auth.Tokens{}, damaged("they are not what keyfob writes")
	}
	if r.Unverified { // by an older build: of such a set the refresh token alone may be used
		r.Access, r.ID, r.Expiry, r.Unproven = "", "", r.IssuedAt, true
	}
	return auth.Tokens{
		Access: auth.Secret(r.Access), Refresh: auth.Secret(r.Refresh), ID: auth.Secret(r.ID), Type: r.Type,
		Account: r.Account, Scopes: r.Scopes,
		SignedInAt: wall(r.SignedInAt), IssuedAt: wall(r.IssuedAt), Expiry: wall(r.Expiry), RefreshExpiry: wall(r.RefreshExpiry),
		RefreshEndFixed: r.EndFixed, RefreshRefused: r.Refused, Refusal: r.Refusal, AnswerLost: r.AnswerLost, Set: r.Set, Asked: r.Asked,
		Client: r.Client,
		Nonce:  auth.Secret(r.Nonce), AuthTime: wall(r.AuthTime), RefreshUnproven: r.Unproven,
	}, nil
}

// wall is t as wall clock in UTC: another process has another monotonic clock.
func wall(t time.Time) time.Time { return t.Round(0).UTC() }

// ascii escapes what is not ASCII. In JSON that occurs inside strings only.
func ascii(b []byte) []byte {
	if !bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return b
	}
	var out []byte
	for _, r := range string(b) {
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}
