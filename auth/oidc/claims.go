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

// maxName is the longest name from outside, in characters.
const maxName = 200

// account is who the claims speak of, in names fit for one line on a screen.
func (c claims) account(issuer string) auth.Account {
	a := auth.Account{Issuer: issuer, Subject: c.text("sub"), Name: auth.Line(c.text("name"), maxName), Email: auth.Line(c.text("email"), maxName)}
	for _, name := range []string{"preferred_username", "upn", "unique_name"} {
		if a.Username == "" {
			a.Username = auth.Line(c.text(name), maxName)
		}
	}
	return a
}
