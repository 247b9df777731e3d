package handover

import (
	"encoding/json"
	"time"

	"keyfob/auth"
)

// Held is what only the engine's memory holds of a tool: a token set, or that a
// person signed out and the keychain has not yet deleted what it holds.
type Held struct {
	Tool      string
	Tokens    auth.Tokens // none with SignedOut
	SignedOut bool
}

// format is the version of what goes through the pipe. Another field that may be
// missing does not change it.
const format = 1

// memory is what goes through the pipe, as one line.
type memory struct {
	Format int      `json:"format"`
	Held   []record `json:"held"`
}

// record is [Held] in plain. It exists in here only: auth.Tokens itself encodes
// to "[secret]". Secrets are bytes, since a token that is not text is in memory
// just because no keychain takes it.
type record struct {
	Tool          string       `json:"tool"`
	SignedOut     bool         `json:"signed_out,omitempty"`
	Access        []byte       `json:"access,omitempty"`
	Refresh       []byte       `json:"refresh,omitempty"`
	ID            []byte       `json:"id,omitempty"`
	Type          string       `json:"type"`
	Account       auth.Account `json:"account"`
	Scopes        []string     `json:"scopes,omitempty"`
	SignedInAt    time.Time    `json:"signed_in_at,omitzero"`
	IssuedAt      time.Time    `json:"issued_at,omitzero"`
	Expiry        time.Time    `json:"expiry,omitzero"`
	RefreshExpiry time.Time    `json:"refresh_expiry,omitzero"`
	Nonce         []byte       `json:"nonce,omitempty"`
	AuthTime      time.Time    `json:"auth_time,omitzero"`
	Unproven      bool         `json:"refresh_unproven,omitempty"`
	EndFixed      bool         `json:"refresh_end_fixed,omitempty"`
	Refused       bool         `json:"refresh_refused,omitempty"`
	Refusal       *auth.Error  `json:"refusal,omitempty"`
	AnswerLost    bool         `json:"answer_lost,omitempty"`
	Asked         []string     `json:"asked,omitempty"`
	Client        string       `json:"client,omitempty"`
	Set           string       `json:"set,omitempty"`
	Unverified    bool         `json:"unverified,omitempty"`
}

// encode is held as one line, with its end.
func encode(held []Held) ([]byte, error) {
	m := memory{Format: format}
	for _, h := range held {
		t := h.Tokens
		m.Held = append(m.Held, record{
			Tool: h.Tool, SignedOut: h.SignedOut,
			Access: []byte(t.Access.Reveal()), Refresh: []byte(t.Refresh.Reveal()), ID: []byte(t.ID.Reveal()), Type: t.Type,
			Account: t.Account, Scopes: t.Scopes,
			SignedInAt: wall(t.SignedInAt), IssuedAt: wall(t.IssuedAt), Expiry: wall(t.Expiry), RefreshExpiry: wall(t.RefreshExpiry),
			Nonce: []byte(t.Nonce.Reveal()), AuthTime: wall(t.AuthTime),
			Unproven: t.RefreshUnproven, EndFixed: t.RefreshEndFixed, Refused: t.RefreshRefused, Refusal: t.Refusal, AnswerLost: t.AnswerLost,
			Asked: t.Asked, Client: t.Client, Set: t.Set, Unverified: t.Unverified,
		})
	}
	line, err := json.Marshal(m)
	if err != nil {
		return nil, &auth.Error{Kind: auth.KindFailed, Code: auth.CodeHandover, What: "the tokens in memory cannot be handed on"}
	}
	return append(line, '\n'), nil
}

// decode is the reverse of encode, for all of them or none. Its error never
// quotes the line.
func decode(line []byte) ([]Held, error) {
	var m memory
	if json.Unmarshal(line, &m) != nil || m.Format != format && len(m.Held) > 0 {
		return nil, &auth.Error{
			Kind: auth.KindFailed, Code: auth.CodeHandover, Who: auth.WhoYou,
			What: "this version of keyfob does not understand the tokens that the one that runs has in memory",
			Do:   "quit the one that runs and start keyfob, then sign in again",
		}
	}
	var all []Held
	for _, r := range m.Held {
		all = append(all, Held{Tool: r.Tool, SignedOut: r.SignedOut, Tokens: auth.Tokens{
			Access: auth.Secret(r.Access), Refresh: auth.Secret(r.Refresh), ID: auth.Secret(r.ID), Type: r.Type,
			Account: r.Account, Scopes: r.Scopes,
			SignedInAt: r.SignedInAt, IssuedAt: r.IssuedAt, Expiry: r.Expiry, RefreshExpiry: r.RefreshExpiry,
			Nonce: auth.Secret(r.Nonce), AuthTime: r.AuthTime,
			RefreshUnproven: r.Unproven, RefreshEndFixed: r.EndFixed, RefreshRefused: r.Refused, Refusal: r.Refusal, AnswerLost: r.AnswerLost,
			Asked: r.Asked, Client: r.Client, Set: r.Set, Unverified: r.Unverified,
		}})
	}
	return all, nil
}

// wall is t as wall clock in UTC: another process has another monotonic clock.
func wall(t time.Time) time.Time { return t.Round(0).UTC() }
