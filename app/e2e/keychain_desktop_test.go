//go:build linux

package e2e_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/keychain"
)

// keychainDesktop is a desktop for tests of the keychain. It has two tools at the
// embedded provider, where ann signs in without a browser.
type keychainDesktop struct {
	*desktop
	issuer   string
	provider *idp.Provider
}

// The two tools: one session renews by itself, the other ends.
const (
	renews = "plant4"
	ends   = "park"
)

// newKeychainDesktop brings up a desktop and a provider whose access tokens live
// for so long: those of the session that renews, and those of the one that ends.
// None, or zero, is an hour.
func newKeychainDesktop(t *testing.T, o bed.Options, renewsIn time.Duration, endsIn ...time.Duration) *keychainDesktop {
	t.Helper()
	life := [2]time.Duration{time.Hour, time.Hour}
	copy(life[:], append([]time.Duration{cmp.Or(renewsIn, time.Hour)}, endsIn...))
	p, issuer := startProvider(t,
		idp.Client{ID: renews, Refresh: true, AccessTTL: life[0]}, idp.Client{ID: ends, AccessTTL: life[1]})
	d := &keychainDesktop{desktop: newDesktop(t, o), issuer: issuer, provider: p}
	text := ""
	for _, tool := range []struct{ id, name string }{{renews, "Plant"}, {ends, "Park"}} {
		text += fmt.Sprintf(
			"[tools.%s]\nname = %q\nissuer = %q\nclient_id = %q\nscopes = [\"openid\", \"offline_access\"]\nredirect = "+
				"\"http://127.0.0.1/callback\"\n\n",
			tool.id,
			tool.name,
			issuer,
			tool.id,
		)
	}
	d.settings(text)
	return d
}

// want runs keyfob and checks its exit code and a part of what it says.
func (d *keychainDesktop) want(code int, says string, args ...string) result {
	d.t.Helper()
	start := time.Now()
	got := d.keyfob(args...)
	if got.code != code || !strings.Contains(got.err, says) {
		d.t.Errorf("%q ended with %d, want %d, and said %q, want %q", args, got.code, code, got.err, says)
	}
	d.t.Logf("%v: %d after %v: %s", args, got.code, time.Since(start).Round(10*time.Millisecond), strings.TrimSpace(got.err))
	return got
}

// wantInTerminal is want for a person who types the command.
func (d *keychainDesktop) wantInTerminal(code int, says string, args ...string) {
	d.t.Helper()
	p := d.inTerminal(args...)
	if got := d.Exit(p); got != code || !strings.Contains(p.Output(), says) {
		d.t.Errorf("%q ended with %d, want %d, and said %q, want %q", args, got, code, p.Output(), says)
	}
}

// inTerminal starts keyfob in a terminal, where somebody is who knows the keychain's
// password.
func (d *keychainDesktop) inTerminal(args ...string) *bed.Process {
	d.t.Helper()
	authtest.Need(d.t, "script")
	return d.Start("script", "-qec", strings.Join(append([]string{d.program()}, args...), " "), os.DevNull)
}

// signedIn signs in to both tools and leaves no process behind.
func (d *keychainDesktop) signedIn() {
	d.t.Helper()
	for _, tool := range []string{renews, ends} {
		d.mustLogin(tool)
	}
	d.quitEngine()
}

// quitEngine ends the engine that a command has started, unless that ends by itself: one
// without a keychain goes with its last client.
func (d *desktop) quitEngine() {
	d.t.Helper()
	if got := d.keyfob("quit", "--wait"); got.code != 0 && !strings.Contains(got.err, "keyfob is not running") {
		d.t.Fatalf("`keyfob quit` ended with %d: %s", got.code, got.err)
	}
}

// startAgent starts an engine that stays, and waits until it answers.
func (d *keychainDesktop) startAgent() *bed.Process {
	d.t.Helper()
	p := d.Start(d.program(), "agent")
	d.waitEngine()
	return p
}

// onBus lets this process talk to the bed's keychain while f runs. Each test
// has a bus of its own.
func (d *keychainDesktop) onBus(f func()) {
	d.t.Helper()
	for _, v := range d.Env() {
		if address, ok := strings.CutPrefix(v, "DBUS_SESSION_BUS_ADDRESS="); ok {
			d.t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		}
	}
	f()
}

// stored is the token set of a tool as the real keychain holds it.
func (d *keychainDesktop) stored(tool string) (t auth.Tokens, err error) {
	d.t.Helper()
	d.onBus(func() {
		store := keychain.NewDirect("keyfob")
		defer store.Close()
		t, err = store.Load(d.t.Context(), tool)
	})
	return t, err
}

// items is everything that Keyfob has in the keychain, byte for byte.
func (d *keychainDesktop) items() map[string]string {
	d.t.Helper()
	v, err := d.Bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets/collection/login").
		GetProperty("org.freedesktop.Secret.Collection.Items")
	if err != nil {
		d.t.Fatal(err)
	}
	all := map[string]string{}
	for _, path := range v.Value().([]dbus.ObjectPath) {
		v, err := d.Bus.Object("org.freedesktop.secrets", path).GetProperty("org.freedesktop.Secret.Item.Attributes")
		if err != nil {
			d.t.Fatal(err)
		}
		if is := v.Value().(map[string]string); is["service"] == "keyfob" {
			name := is["username"]
			d.onBus(func() {
				if all[name], err = keyring.Get("keyfob", name); err != nil {
					d.t.Fatal(err)
				}
			})
		}
	}
	return all
}

// restoreItems makes the keychain hold exactly these items of Keyfob's, as a
// restored backup would.
func (d *keychainDesktop) restoreItems(items map[string]string) {
	d.t.Helper()
	d.onBus(func() {
		for name := range d.items() {
			if _, stays := items[name]; !stays {
				if err := keyring.Delete("keyfob", name); err != nil {
					d.t.Fatal(err)
				}
			}
		}
		for name, value := range items {
			if err := keyring.Set("keyfob", name, value); err != nil {
				d.t.Fatal(err)
			}
		}
	})
}

// checkUnchanged checks that the keychain holds what it held before.
func (d *keychainDesktop) checkUnchanged(before map[string]string) {
	d.t.Helper()
	if after := d.items(); !maps.Equal(before, after) {
		d.t.Errorf("the keychain held %d items and now holds %d, or others", len(before), len(after))
	}
}

// checkNoFileHolds checks that no file of the bed holds any of the secrets.
func (d *keychainDesktop) checkNoFileHolds(secrets ...auth.Secret) {
	d.t.Helper()
	d.EachFile(func(path string, content []byte) {
		for _, secret := range secrets {
			if secret != "" && strings.Contains(string(content), secret.Reveal()) {
				d.t.Errorf("%s holds a token", path)
			}
		}
	})
}

// secretsOf is every secret in a token set.
func secretsOf(t auth.Tokens) []auth.Secret {
	return slices.DeleteFunc([]auth.Secret{t.Access, t.Refresh, t.ID}, func(s auth.Secret) bool { return s == "" })
}
