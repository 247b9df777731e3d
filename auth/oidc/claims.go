package oidc

import (
	"encoding/json"
	"errors"

	"keyfob/auth"
)

// claims are what an ID token says. Their names are matched exactly.
type claims map[string]any

// claimed are what token says, unverified, and none where it cannot be read.
func claimed(token auth.Secret) claims {
	c, _ := auth.Claims(token)
	return c
}

// decode reads claims that were verified, or came in plain JSON.
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
	a := auth.Account{
		Issuer: issuer, Subject: c.text("sub"), Name: auth.Line(c.text("name"), maxName),
		Email: auth.Line(c.text("email"), maxName),
	}
	for _, name := range []string{"preferred_username", "upn", "unique_name"} {
		if a.Username == "" {
			a.Username = auth.Line(c.text(name), maxName)
		}
	}
	return a
}
