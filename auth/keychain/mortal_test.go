package keychain

import (
	"context"
	"strings"
	"time"

	"keyfob/auth"
)

// mortal is a backend whose process dies at one of its steps.
type mortal struct {
	backend
	left   int  // steps until then
	writes bool // only changes are steps
	after  bool
	die    func()
	dead   bool
}

func (m *mortal) step(change bool, do func() error) error {
	if m.writes && !change {
		return do()
	}
	if m.left--; m.left == 0 && !m.after {
		m.dead = true
		m.die()
	}
	if m.dead {
		return errKilled
	}
	err := do()
	if m.left == 0 {
		m.dead = true
		m.die()
		return errKilled
	}
	return err
}

var errKilled = &auth.Error{Kind: auth.KindKeychain, Code: "killed", What: "killed"}

func (m *mortal) get(ctx context.Context, name string) (v string, err error) {
	err = m.step(false, func() error { v, err = m.backend.get(ctx, name); return err })
	return v, err
}

func (m *mortal) set(ctx context.Context, name, value string) error {
	return m.step(true, func() error { return m.backend.set(ctx, name, value) })
}

func (m *mortal) remove(ctx context.Context, name string) error {
	return m.step(true, func() error { return m.backend.remove(ctx, name) })
}

// set makes a token set called name whose record has about size bytes.
func set(name string, size int) auth.Tokens {
	at := time.Date(2026, 3, 14, 15, 9, 26, 535897932, time.UTC)
	pad := func(n int) auth.Secret {
		return auth.Secret(strings.Repeat(name+".", max(n, 1)/(len(name)+1)+1)[:max(n, 1)])
	}
	return auth.Tokens{
		Access: pad(size / 2), Refresh: pad(size / 4), ID: pad(size / 4), Type: "Bearer",
		Account: auth.Account{Issuer: "https://id.example.com", Subject: name, Name: "Zoë \"😀\" <b>&\u2028", Email: "zoe@example.com"},
		Scopes:  []string{"openid", "offline_access"},
		Refusal: &auth.Error{Kind: auth.KindGrant, Code: "invalid_grant", What: "é", Do: "sign in", Who: auth.WhoYou, Ref: "AADSTS1"},
		Asked: []string{
			"openid",
			"é",
		}, SignedInAt: at, IssuedAt: at.Add(time.Minute), Expiry: at.Add(time.Hour), RefreshExpiry: at.Add(24 * time.Hour),
		Set: "set-" + name, Nonce: "nonce", AuthTime: at.Add(-time.Minute), RefreshUnproven: true, RefreshEndFixed: true,
		RefreshRefused: true, AnswerLost: true,
	}
}
