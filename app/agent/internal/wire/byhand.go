package wire

import (
	"encoding/json"
	"strconv"

	"keyfob/auth"
)

// What of a token's request and reply is read and written member by member.

func (h *ReplyHead) member(name string, value []byte) error {
	switch name {
	case "v":
		return read(value, &h.V)
	case "ok":
		return read(value, &h.OK)
	case "wait":
		return read(value, &h.Wait)
	case "more":
		return read(value, &h.More)
	case "error":
		return json.Unmarshal(value, &h.Error)
	}
	return nil
}

func (r *TokenReply) member(name string, value []byte) error {
	switch name {
	case "tokens":
		if string(value) == "null" {
			return nil
		}
		r.Tokens = new(Tokens)
		return readMembers(value, r.Tokens)
	case "address":
		return read(value, &r.Address)
	case "waits":
		return json.Unmarshal(value, &r.Waits)
	}
	return nil
}

func (w *Tokens) member(name string, value []byte) error {
	switch name {
	case "access":
		return read(value, &w.Access)
	case "id":
		return read(value, &w.ID)
	case "type":
		return read(value, &w.Type)
	case "account":
		if string(value) == "null" {
			return nil
		}
		return readMembers(value, (*account)(&w.Account))
	case "scopes":
		return read(value, &w.Scopes)
	case "signed_in_at":
		return read(value, &w.SignedInAt)
	case "issued_at":
		return read(value, &w.IssuedAt)
	case "expiry":
		return read(value, &w.Expiry)
	case "refresh_expiry":
		return read(value, &w.RefreshExpiry)
	case "set":
		return read(value, &w.Set)
	}
	return nil
}

type account auth.Account

func (a *account) member(name string, value []byte) error {
	switch name {
	case "issuer":
		return read(value, &a.Issuer)
	case "subject":
		return read(value, &a.Subject)
	case "name":
		return read(value, &a.Name)
	case "username":
		return read(value, &a.Username)
	case "email":
		return read(value, &a.Email)
	}
	return nil
}

func (r TokenRequest) appendTo(line []byte) []byte {
	if r.Settings != "" {
		line = appendMember(line, "settings", quoted(r.Settings))
	}
	if r.Named {
		line = appendMember(line, "named", "true")
	}
	if r.Unlock {
		line = appendMember(line, "unlock", "true")
	}
	if r.Tool != "" {
		line = appendMember(line, "tool", quoted(r.Tool))
	}
	if r.MinValid != 0 {
		line = appendMember(line, "min_valid", strconv.FormatInt(int64(r.MinValid), 10))
	}
	return line
}
