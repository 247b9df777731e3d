package oidc

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"keyfob/auth"
)

// claims are what an ID token says. Their names are matched exactly.
type claims map[string]any

// Claims decodes an ID token for display. It verifies nothing.
func Claims(idToken auth.Secret) (map[string]any, error) {
	c, err := decodeToken(idToken)
	if err != nil {
		return nil, &auth.Error{Kind: auth.KindFailed, Code: auth.CodeBadIDToken, What: "the ID token cannot be read", Err: err}
	}
	return c, nil
}

func decodeToken(token auth.Secret) (claims, error) {
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) != 3 {
		return nil, errors.New("not a JWT")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, errors.New("not base64")
	}
	return decode(payload)
}

func decode(payload []byte) (claims, error) {
	var c claims
	if json.Unmarshal(payload, &c) != nil || c == nil {
		return nil, errors.New("not a JSON object")
	}
	return c, nil
}

// text returns a claim that is a string, or "".
func (c claims) text(name string) string {
	s, _ := c[name].(string)
	return s
}

// account is who the claims speak of, in names fit for one line on a screen.
func (c claims) account(issuer string) auth.Account {
	a := auth.Account{Issuer: issuer, Subject: c.text("sub"), Name: clean(c.text("name")), Email: clean(c.text("email"))}
	for _, name := range []string{"preferred_username", "upn", "unique_name"} {
		if a.Username == "" {
			a.Username = clean(c.text(name))
		}
	}
	return a
}

// clean makes a name fit into one line, and cuts it at 200 characters.
func clean(s string) string {
	s = strings.Join(strings.Fields(auth.Clean(s)), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return strings.TrimSpace(s)
}
