package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/keychain"
)

// unseenDesk is a desk with a settings file and without a screen.
func unseenDesk(t *testing.T, text string) *desk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keyfob.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	h := host{now: time.Now}
	d := &desk{resident: &resident{host: h, dir: t.TempDir(), path: path}, teller: &teller{jobs: make(chan func(context.Context))}}
	go func() { // nobody sees a screen
		for {
			select {
			case <-d.jobs:
			case <-t.Context().Done():
				return
			}
		}
	}()
	d.settings, d.problem = h.loadSettings(path)
	d.sessions = h.sessions(d.settings.Tools, broken(d.settings), keychain.NewMemory(), d.dir, false)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.sessions.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	return d
}

// TestSetupTakesEffectAtOnce: what a person sets up in the window is what runs
// when the answer is there.
func TestSetupTakesEffectAtOnce(t *testing.T) {
	d := unseenDesk(t, "[tools.plant-4]\nname = \"Plant 4\"\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\"\n")
	s := d.setup()
	draft := form.Draft{Provider: "oidc", Values: map[string]string{"name": "A", "client_id": "x", "issuer": "http://127.0.0.1:1"}}
	if judgement, err := s.Add(t.Context(), draft); err != nil || judgement.ID != "a" {
		t.Fatalf("adding says %+v, %v", judgement, err)
	}
	if all, err := d.sessions.Snapshots(t.Context()); err != nil || len(all) != 2 || all[1].Tool != "a" || all[1].Name != "A" {
		t.Errorf("the sessions are %+v, %v", all, err)
	}
	never := time.Duration(0)
	if p, err := s.Change(t.Context(), form.Change{ClearAfter: &never}); err != nil || p.ClearAfter != 0 {
		t.Errorf("changing says %+v, %v", p, err)
	}
	if d.clearAfter() != 0 {
		t.Error("what runs does not know")
	}
}

// TestSetupOfTheDemo: there is no file to set up.
func TestSetupOfTheDemo(t *testing.T) {
	d := &desk{resident: &resident{}}
	if _, err := d.setup().Presets(t.Context()); auth.AsError(err).Code != auth.CodeDemo {
		t.Errorf("got %v", err)
	}
}
