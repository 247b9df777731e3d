//go:build linux && cgo

package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/inspect/parse"
	"keyfob/auth/session"
)

// tool is the tool whose tokens the engine has.
var tool = auth.Tool{
	ID:              "plant4",
	ClientID:        "00001111-aaaa-2222-bbbb-3333cccc4444",
	MandatoryScopes: []string{"offline_access", "api://plant4/THINGWORX"},
}

// hold gives the engine the tool's tokens.
func (e *engine) hold(t auth.Tokens) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tokens = t
}

func (e *engine) Inspect(_ context.Context, id string) (inspect.Inspection, error) {
	_ = e.note("inspect", id)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.tokens.Access == "" {
		return inspect.Inspection{}, &auth.Error{Kind: auth.KindSignIn, Code: "signed_out", What: "nobody is signed in"}
	}
	return parse.Tokens(e.tokens, tool, time.Now()), nil
}

func (e *engine) Token(_ context.Context, id string, _ session.TokenOptions) (agent.Token, error) {
	_ = e.note("token", id)
	e.mu.Lock()
	defer e.mu.Unlock()
	return agent.Token{Tokens: e.tokens}, nil
}

// jwt is a token that says claims, with a signature of a real one's length.
func jwt(claims string) auth.Secret {
	enc := base64.RawURLEncoding.EncodeToString
	return auth.Secret(
		enc(
			[]byte(`{"typ":"JWT","alg":"RS256","kid":"kWbkha6qs8wsTnBwiiNYOhHbnAw"}`),
		) + "." + enc(
			[]byte(claims),
		) + "." + enc(
			[]byte(strings.Repeat("signature", 28))[:256],
		),
	)
}

// entra are tokens as Entra issues them, with 47 minutes left.
func entra() auth.Tokens {
	now := time.Now().Truncate(time.Second)
	issued, end := now.Add(-18*time.Minute), now.Add(47*time.Minute+30*time.Second)
	times := fmt.Sprintf(`"iat":%d,"nbf":%d,"exp":%d`, issued.Unix(), issued.Unix(), end.Unix())
	const who = `"iss":"https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",` +
		`"name":"Anna Mustermann","oid":"690222be-ff1a-4d56-abd1-7e4f7d38e474","preferred_username":"anna@example.com",` +
		`"sub":"HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ","tid":"11111111-2222-3333-4444-555555555555","ver":"2.0",` +
		`"rh":"1.AXoAx2FzTHqRkkCLXq3pZk3sFysXdG5WvkNIn_TmajmzEuPFALV6AA.","uti":"fqiBqXLPj0eQa82S-IYFAA",`
	return auth.Tokens{
		Access: jwt(
			`{"aud":"6e74172b-be56-4843-9ff4-e66a39bb12e3",` + who +
				`"aio":"AVQAq/8TAAAAz2Jm8yKx3rW7b4xQY1mT5uK9nE0pFhR6vC2sD8gLjN4oI7wB3aZ=","amr":["pwd","mfa"],` +
				`"azp":"00001111-aaaa-2222-bbbb-3333cccc4444","azpacr":"0","roles":["Plant.Read","Plant.Operate"],"scp":"THINGWORX",` +
				`"groups":["5d2ee1f5-3e6e-4d0e-9a51-3b6a0b1f4c11",` +
				`"aa2ee1f5-3e6e-4d0e-9a51-3b6a0b1f4c22","bb2ee1f5-3e6e-4d0e-9a51-3b6a0b1f4c33"],` +
				`"ipaddr":"203.0.113.7","wids":["b79fbf4d-3ef9-4689-8143-76b194e85509"],"xms_ftd":"9yJZ2Vn5tXw",` + times + `}`,
		),
		ID: jwt(
			`{"aud":"00001111-aaaa-2222-bbbb-3333cccc4444",` + who +
				`"email":"anna@example.com","nonce":"mT4vS1kQ9xJ2","acct":0,` + times + `}`,
		),
		Refresh: "refresh-canary-0123456789",
		Account: auth.Account{
			Issuer:   "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
			Subject:  "HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ",
			Name:     "Anna Mustermann",
			Username: "anna@example.com",
			Email:    "anna@example.com",
		},
		Asked:      []string{"openid", "profile", "offline_access", "api://plant4/THINGWORX", "api://plant4/Reports.Read"},
		Scopes:     []string{"openid", "profile", "email", "api://plant4/THINGWORX"},
		SignedInAt: now.Add(-5 * time.Hour), IssuedAt: issued, Expiry: end,
	}
}

// signedIn is the session of those tokens.
func signedIn(t auth.Tokens) session.Snapshot {
	return session.Snapshot{
		Tool: "plant4", Name: "ThingWorx Plant 4", Home: "https://plant4.example.com", State: session.Active,
		Account: t.Account.Label(), Set: "1",
		SignedInAt: t.SignedInAt, AccessUntil: t.Expiry, Store: session.StoreKeychain, Renewal: &session.Renewal{Mode: session.Automatic},
	}
}

// TestTokenPictures keeps pictures of the page for people to look at.
func TestTokenPictures(t *testing.T) {
	b := screen(t)
	for i, mode := range modes {
		if i > 0 && os.Getenv(allPictures) == "" {
			continue
		}
		ended := entra()
		ended.Expiry = time.Now().Add(-12 * time.Minute)
		late := signedIn(ended)
		late.State, late.EndsAt, late.Renewal = session.Expired, ended.Expiry, &session.Renewal{
			Mode:   session.Manual,
			Reason: "offline_access was not asked for",
		}
		opaque := entra()
		opaque.Access, opaque.ID = "ya29.a0AfH6SMBx-made-up", ""
		for _, c := range []struct {
			name   string
			tokens auth.Tokens
			snap   session.Snapshot
			keys   []string
		}{
			{"token", entra(), signedIn(entra()), nil},
			{"token-row", entra(), signedIn(entra()), []string{"Tab", "Down", "Down", "Down", "Down", "Return"}},
			{"token-id", entra(), signedIn(entra()), []string{"Right"}},
			{"token-scopes", entra(), signedIn(entra()), []string{"Right", "Right"}},
			{"token-session", entra(), signedIn(entra()), []string{"Right", "Right", "Right"}},
			{"token-shown", entra(), signedIn(entra()), []string{"Tab", "Tab", "Return"}},
			{"token-ended", ended, late, nil},
			{"token-opaque", opaque, signedIn(opaque), nil},
			{"token-none", auth.Tokens{}, session.Snapshot{Tool: "plant4", Name: "ThingWorx Plant 4", State: session.SignedOut}, nil},
		} {
			e := startEngine(t, c.snap)
			e.hold(c.tokens)
			p := e.show(b, "token/plant4", mode.env...)
			w := b.WaitWindow("Keyfob: Token")
			e.waitAsked(b, "inspect plant4")
			settled(b, w, table)
			if c.keys != nil {
				b.Key(w, c.keys...)
			}
			picture(b, c.name+"-"+mode.name+".png")
			p.Kill()
			b.WaitNoWindow("Keyfob: Token")
		}
	}
}
