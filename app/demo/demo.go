// Package demo shows Keyfob at work without anybody's provider: it runs the
// embedded one on loopback and signs in to two tools of it, one whose session
// renews and one that gets no refresh token.
//
// It owns its tools, its accounts and its own keychain service. It must never
// touch the user's settings, keychain entries or running engine.
package demo

import (
	"context"
	"time"

	"keyfob/auth"
	"keyfob/auth/idp"
	"keyfob/auth/provider"
)

// Service is the keychain service of the demo's tokens, apart from the
// user's own.
const Service = "keyfob-demo"

// The demo's tools.
const (
	Renews = "renews" // its session renews by itself
	Ends   = "ends"   // it gets no refresh token and ends
)

// The account that the embedded provider knows.
const (
	User     = "demo"
	password = auth.Secret("demo")
)

// Lives says how long the tokens of the two tools live.
type Lives struct {
	Renews, Ends time.Duration
}

// Lifetimes of the demo in the tray, where a person watches, and of the demo
// that plays the person's part itself.
var (
	inTray   = Lives{Renews: time.Minute, Ends: 2 * time.Minute}
	headless = Lives{Renews: 4 * time.Second, Ends: 2 * time.Minute}
)

// Demo is a running provider with its tools.
type Demo struct {
	Issuer string
	Tools  []auth.Tool
	lives  Lives
}

// Start runs the provider on loopback until ctx ends. With alone, nobody
// watches, and the renewing tool's tokens live four seconds.
func Start(ctx context.Context, alone bool) (*Demo, error) {
	lives := inTray
	if alone {
		lives = headless
	}
	p, err := idp.New(idp.Config{
		Users: map[string]auth.Secret{User: password},
		Clients: []idp.Client{
			{ID: Renews, Refresh: true, AccessTTL: lives.Renews},
			{ID: Ends, AccessTTL: lives.Ends},
		},
	})
	if err != nil {
		return nil, err
	}
	issuer, err := p.Start(ctx)
	if err != nil {
		return nil, err
	}
	tool := func(id, name string) auth.Tool {
		return auth.Tool{
			ID: id, Name: name, Home: issuer, Provider: provider.GenericID, Issuer: issuer,
			ClientID: id, ClientAuth: auth.ClientAuthNone,
			Scopes:    []string{"openid", "profile", "email", "offline_access"},
			Redirect:  "http://127.0.0.1/callback",
			Reminders: []time.Duration{time.Minute, 30 * time.Second},
		}
	}
	return &Demo{
		Issuer: issuer,
		Tools:  []auth.Tool{tool(Renews, "Demo that renews"), tool(Ends, "Demo that ends")},
		lives:  lives,
	}, nil
}

// Person returns the stand-in who signs in at the provider over HTTP.
func (d *Demo) Person() idp.Person { return idp.Person{Username: User, Password: password} }
