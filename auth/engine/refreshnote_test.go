package engine_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// TestTheNoteOfARefresh looks for the note of a refresh that is under way: it
// is there while the answer is awaited or lost, gone afterwards, and holds
// nothing of the tokens.
func TestTheNoteOfARefresh(t *testing.T) {
	for name, tc := range map[string]struct {
		fault authtest.Fault
		lose  int
		stays bool
	}{
		"answered":        {},
		"lost":            {lose: 1, stays: true},
		"lost at gateway": {fault: authtest.Answer(502, ""), stays: true},
		"refused":         {fault: authtest.Answer(400, `{"error":"invalid_grant"}`)},
		"outage":          {fault: authtest.Answer(503, "")},
		"bad answer":      {fault: authtest.RewriteJSON(func(m map[string]any) { m["token_type"] = "mac" })},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				old := env.signIn("renews")
				dir := t.TempDir()
				note := func() string {
					files, err := filepath.Glob(filepath.Join(dir, "*"))
					if err != nil || len(files) > 1 {
						t.Fatalf("%v: %v", files, err)
					}
					if len(files) == 0 {
						return ""
					}
					b, err := os.ReadFile(files[0])
					if err != nil {
						t.Fatal(err)
					}
					return string(b)
				}
				env.client = &oidc.Client{
					HTTP: &http.Client{Transport: &lossyTransport{handlerTransport{env.faults}, tc.lose}},
					Now:  env.now,
				}
				fault := tc.fault
				if fault == nil {
					fault = func(rw http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(rw, r) }
				}
				during := ""
				env.faults.Set(tokenPath, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
					during = note()
					fault(rw, r, next)
				})
				env.ahead.Store(int64(time.Hour))
				m := env.manager(func(c *engine.Config) { c.RefreshNotes = []string{dir} })
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if during == "" {
					t.Fatal("there was no note while the answer was awaited")
				}
				if got := note(); (got != "") != tc.stays {
					t.Errorf("afterwards the note is %q", got)
				}
				for _, s := range []auth.Secret{old.Access, old.Refresh, old.ID} {
					if strings.Contains(during, s.Reveal()) {
						t.Error("the note holds a token")
					}
				}
			})
		})
	}
}

// TestTheNoteFollowsNoLink has somebody put a link where the note goes: what it
// leads to is neither read nor written.
func TestTheNoteFollowsNoLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "mine")
		if err := os.WriteFile(elsewhere, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		note := filepath.Join(dir, "refresh-renews.sent")
		if err := os.Symlink(elsewhere, note); err != nil {
			t.Fatal(err)
		}
		env.client = &oidc.Client{HTTP: &http.Client{Transport: &lossyTransport{handlerTransport{env.faults}, 1}}, Now: env.now}
		env.ahead.Store(int64(time.Hour))
		m := env.manager(func(c *engine.Config) { c.RefreshNotes = []string{dir} })
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		info, err := os.Lstat(note)
		if err != nil || !info.Mode().IsRegular() || info.Mode().Perm() != 0o600 {
			t.Errorf("the note is %v, %v", info, err)
		}
		if b, err := os.ReadFile(elsewhere); err != nil || string(b) != "mine" {
			t.Errorf("what the link leads to holds %q, %v", b, err)
		}
	})
}

// TestANoteLeftElsewhere finds the note of a refresh whose answer was lost where
// an earlier version left it: the person is told so, once, and it is gone.
func TestANoteLeftElsewhere(t *testing.T) {
	for name, here := range map[string]func() string{
		"with a folder": t.TempDir,
		"with none":     func() string { return filepath.Join(t.TempDir(), "missing") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				env.signIn("renews")
				env.client = &oidc.Client{HTTP: &http.Client{Transport: &lossyTransport{handlerTransport{env.faults}, 1}}, Now: env.now}
				env.ahead.Store(int64(time.Hour))
				now, before := here(), t.TempDir()
				earlier := env.manager(func(c *engine.Config) { c.RefreshNotes = []string{before} })
				if err := earlier.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				note := filepath.Join(before, "refresh-renews.sent")
				if _, err := os.Lstat(note); err != nil {
					t.Fatal(err)
				}
				m := env.manager(func(c *engine.Config) { c.RefreshNotes = []string{now, before} })
				_, err := m.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute})
				if kindOf(err) != auth.KindSignIn || !strings.Contains(err.Error(), "cut off") {
					t.Errorf("said %v", err)
				}
				for _, dir := range []string{now} {
					if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
						t.Errorf("left behind: %v", left)
					}
				}
			})
		})
	}
}
