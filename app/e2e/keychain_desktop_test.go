//go:build linux

package e2e_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/idp"
	"keyfob/auth/keychain"
)

// safe is a rig whose keychain is what matters. Its provider is the embedded
// one, and the person signs in without a browser.
type safe struct {
	*rig
	issuer   string
	provider *idp.Provider
}

// The tools of a safe: one session renews by itself, the other ends.
const (
	renews = "plant4"
	ends   = "park"
)

// newSafe brings up a desktop and a provider whose access tokens live for so
// long: those of the session that renews, and those of the one that ends.
// None, or zero, is an hour.
func newSafe(t *testing.T, o bed.Options, renewsIn time.Duration, endsIn ...time.Duration) *safe {
	t.Helper()
	life := [2]time.Duration{time.Hour, time.Hour}
	copy(life[:], append([]time.Duration{cmp.Or(renewsIn, time.Hour)}, endsIn...))
	p, err := idp.New(idp.Config{
		Users:   map[string]auth.Secret{"ann": "pw"},
		Clients: []idp.Client{{ID: renews, Refresh: true, AccessTTL: life[0]}, {ID: ends, AccessTTL: life[1]}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	issuer, err := p.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s := &safe{rig: newRig(t, o), issuer: issuer, provider: p}
	text := ""
	for _, tool := range []struct{ id, name string }{{renews, "Plant"}, {ends, "Park"}} {
		text += fmt.Sprintf(
			"[tools.%s]\nname = %q\nissuer = %q\nclient_id = %q\nscopes = [\"openid\", \"offline_access\"]\nredirect = \"http://127.0.0.1/callback\"\n\n",
			tool.id,
			tool.name,
			issuer,
			tool.id,
		)
	}
	s.settings(text)
	return s
}

var ann = idp.Person{Username: "ann", Password: "pw"}

// login signs in as a person who opens the printed address.
func (s *safe) login(tool string) result {
	s.t.Helper()
	p, address := s.begin(tool)
	var seen error // by the person, on the page at the end
	if address != "" {
		seen = ann.SignIn(s.t.Context(), address)
	}
	code := s.Exit(p)
	if code == 0 && seen != nil {
		s.t.Error(seen)
	}
	return result{code, "", p.Output()}
}

// begin begins to sign in, and returns the address to go on at, or none where
// it ended at once.
func (s *safe) begin(tool string) (p *bed.Process, address string) {
	s.t.Helper()
	p = s.Start(s.program(), "login", tool, "--no-browser")
	s.Wait("the address to sign in at", func() bool {
		for line := range strings.Lines(p.Output()) {
			if strings.HasPrefix(line, s.issuer) {
				address = strings.TrimSpace(line)
			}
		}
		return address != "" || !p.Running()
	})
	return p, address
}

// want runs keyfob and checks its exit code and a part of what it says.
func (s *safe) want(code int, says string, args ...string) result {
	s.t.Helper()
	start := time.Now()
	got := s.keyfob(args...)
	if got.code != code || !strings.Contains(got.err, says) {
		s.t.Errorf("%q ended with %d, want %d, and said %q, want %q", args, got.code, code, got.err, says)
	}
	s.t.Logf("%v: %d after %v: %s", args, got.code, time.Since(start).Round(10*time.Millisecond), strings.TrimSpace(got.err))
	return got
}

// signedIn signs in to both tools and leaves no process behind.
func (s *safe) signedIn() {
	s.t.Helper()
	for _, tool := range []string{renews, ends} {
		if got := s.login(tool); got.code != 0 {
			s.t.Fatalf("signing in ended with %d: %s", got.code, got.err)
		}
	}
}

// onBus lets this process talk to the bed's keychain while f runs. Each test
// has a bus of its own.
func (s *safe) onBus(f func()) {
	s.t.Helper()
	for _, v := range s.Env() {
		if address, ok := strings.CutPrefix(v, "DBUS_SESSION_BUS_ADDRESS="); ok {
			s.t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		}
	}
	f()
}

// stored is the token set of a tool as the real keychain holds it.
func (s *safe) stored(tool string) (t auth.Tokens, err error) {
	s.t.Helper()
	s.onBus(func() {
		store := keychain.NewDirect("keyfob")
		defer store.Close()
		t, err = store.Load(s.t.Context(), tool)
	})
	return t, err
}

// items is everything that Keyfob has in the keychain, byte for byte.
func (s *safe) items() map[string]string {
	s.t.Helper()
	v, err := s.Bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets/collection/login").
		GetProperty("org.freedesktop.Secret.Collection.Items")
	if err != nil {
		s.t.Fatal(err)
	}
	all := map[string]string{}
	for _, path := range v.Value().([]dbus.ObjectPath) {
		v, err := s.Bus.Object("org.freedesktop.secrets", path).GetProperty("org.freedesktop.Secret.Item.Attributes")
		if err != nil {
			s.t.Fatal(err)
		}
		if is := v.Value().(map[string]string); is["service"] == "keyfob" {
			name := is["username"]
			s.onBus(func() {
				if all[name], err = keyring.Get("keyfob", name); err != nil {
					s.t.Fatal(err)
				}
			})
		}
	}
	return all
}

// put makes the keychain hold exactly these items of Keyfob's, as a restored
// backup would.
func (s *safe) put(items map[string]string) {
	s.t.Helper()
	s.onBus(func() {
		for name := range s.items() {
			if _, stays := items[name]; !stays {
				if err := keyring.Delete("keyfob", name); err != nil {
					s.t.Fatal(err)
				}
			}
		}
		for name, value := range items {
			if err := keyring.Set("keyfob", name, value); err != nil {
				s.t.Fatal(err)
			}
		}
	})
}

// same checks that the keychain holds what it held before.
func (s *safe) same(before map[string]string) {
	s.t.Helper()
	if after := s.items(); !maps.Equal(before, after) {
		s.t.Errorf("the keychain held %d items and now holds %d, or others", len(before), len(after))
	}
}

// noFiles checks that no file of the bed holds any of the secrets.
func (s *safe) noFiles(secrets ...auth.Secret) {
	s.t.Helper()
	s.EachFile(func(path string, content []byte) {
		for _, secret := range secrets {
			if secret != "" && strings.Contains(string(content), secret.Reveal()) {
				s.t.Errorf("%s holds a token", path)
			}
		}
	})
}

// secretsOf is every secret in a token set.
func secretsOf(t auth.Tokens) []auth.Secret {
	return slices.DeleteFunc([]auth.Secret{t.Access, t.Refresh, t.ID}, func(s auth.Secret) bool { return s == "" })
}
