//go:build linux

package e2e_test

import (
	"context"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/idp"
)

// ann is who signs in at the embedded provider.
var ann = idp.Person{Username: "ann", Password: "pw"}

// startProvider starts the embedded provider with these clients, for ann, and
// returns it with its issuer.
func startProvider(t *testing.T, clients ...idp.Client) (p *idp.Provider, issuer string) {
	t.Helper()
	p, err := idp.New(idp.Config{Users: map[string]auth.Secret{ann.Username: ann.Password}, Clients: clients})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background()) // programs may ask it until the desktop is taken down
	t.Cleanup(cancel)
	if issuer, err = p.Start(ctx); err != nil {
		t.Fatal(err)
	}
	return p, issuer
}

// login signs in with `keyfob login` as ann, who opens the printed address.
func (d *desktop) login(tool string) result {
	d.t.Helper()
	p, address := d.beginLogin(tool)
	var seen error // by the person, on the page at the end
	if address != "" {
		seen = ann.SignIn(d.t.Context(), address)
	}
	code := d.Exit(p)
	if code == 0 && seen != nil {
		d.t.Error(seen)
	}
	return result{code, "", p.Output()}
}

// mustLogin is login, and fails the test where it does not succeed.
func (d *desktop) mustLogin(tool string) {
	d.t.Helper()
	if got := d.login(tool); got.code != 0 {
		d.t.Fatalf("signing in to %s ended with %d: %s", tool, got.code, got.err)
	}
}

// beginLogin starts `keyfob login`, and returns the address at which to sign in,
// or none where it ended first.
func (d *desktop) beginLogin(tool string) (p *bed.Process, address string) {
	d.t.Helper()
	p = d.Start(d.program(), "login", tool, "--no-browser")
	return p, d.addressOf(p)
}

// addressOf is the address at which a `keyfob login` says to sign in, or none where
// it ended first.
func (d *desktop) addressOf(p *bed.Process) (address string) {
	d.t.Helper()
	d.Wait("the address to sign in at", func() bool {
		for line := range strings.Lines(p.Output()) {
			if strings.HasPrefix(line, "http") && strings.HasSuffix(line, "\n") {
				address = strings.TrimSpace(line)
			}
		}
		return address != "" || !p.Running()
	})
	return address
}
