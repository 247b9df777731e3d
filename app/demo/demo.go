// Package demo shows Keyfob at work without anybody's provider: it runs the
// embedded one on loopback and signs in to two tools of it, one whose session
// renews and one that gets no refresh token.
//
// It owns its tools, its account and its own keychain service. It must never
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

// How long the tools' access tokens live.
const (
	renewsLife   = time.Minute     // where a person watches
	scriptedLife = 4 * time.Second // where nobody does
	endsLife     = 2 * time.Minute
)

// Demo is a running provider with its tools.
type Demo struct {
	Issuer     string
	Tools      []auth.Tool
	renewsLife time.Duration
}

// Start runs the provider on loopback until ctx ends. In a scripted demo, which
// [Demo.Play] plays, the renewing tool's tokens live four seconds, else a minute.
func Start(ctx context.Context, scripted bool) (*Demo, error) {
	d := &Demo{renewsLife: renewsLife}
	if scripted {
		d.renewsLife = scriptedLife
	}
	p, err := idp.New(idp.Config{
		Users: map[string]auth.Secret{User: password},
		Clients: []idp.Client{
			{ID: Renews, Refresh: true, AccessTTL: d.renewsLife},
			{ID: Ends, AccessTTL: endsLife},
		},
	})
	if err != nil {
		return nil, err
	}
	if d.Issuer, err = p.Start(ctx); err != nil {
		return nil, err
	}
	tool := func(id, name string) auth.Tool {
		return auth.Tool{
			ID: id, Name: name, Home: d.Issuer, Provider: provider.GenericID, Issuer: d.Issuer,
			ClientID: id, ClientAuth: auth.ClientAuthNone,
			Scopes:    []string{"openid", "profile", "email", "offline_access"},
			Redirect:  "http://127.0.0.1/callback",
			Reminders: []time.Duration{time.Minute, 30 * time.Second},
		}
	}
	d.Tools = []auth.Tool{tool(Renews, "Demo that renews"), tool(Ends, "Demo that ends")}
	return d, nil
}

// Person is who signs in at the provider, by its forms and without a browser.
func (d *Demo) Person() idp.Person { return idp.Person{Username: User, Password: password} }
