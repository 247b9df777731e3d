package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/daemon"
	"keyfob/app/lock"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
)

// claimed is an engine whose settings file says text, and that does not answer its
// socket.
func claimed(t *testing.T, h host, text string) (e *daemon.Daemon, dir string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "keyfob.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err = daemon.Claim(t.Context(), daemon.Config{
		Parts: h.parts(nil, memory.New(), lock.Folders{Runtime: dir}), Settings: path, Report: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { e.Sessions().Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	return e, dir
}

// TestSetupTakesEffectAtOnce: what a person sets up in the window is what runs
// when the answer is there.
func TestSetupTakesEffectAtOnce(t *testing.T) {
	h := host{now: time.Now}
	e, _ := claimed(t, h, "[tools.plant-4]\nname = \"Plant 4\"\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\"\n")
	settings := e.Settings()
	s := h.setup(settings, nil, func(ctx context.Context) { _ = settings.Apply(ctx, settings.Reread()) })
	draft := form.Draft{Provider: "oidc", Values: map[string]string{"name": "A", "client_id": "x", "issuer": "http://127.0.0.1:1"}}
	if judgement, err := s.Add(t.Context(), draft); err != nil || judgement.ID != "a" {
		t.Fatalf("adding says %+v, %v", judgement, err)
	}
	if all, err := e.Sessions().Snapshots(t.Context()); err != nil || len(all) != 2 || all[1].Tool != "a" || all[1].Name != "A" {
		t.Errorf("the sessions are %+v, %v", all, err)
	}
	never := time.Duration(0)
	if p, err := s.Change(t.Context(), form.Change{ClearAfter: &never}); err != nil || p.ClearAfter != 0 {
		t.Errorf("changing says %+v, %v", p, err)
	}
	if last, _ := settings.Last(); last.ClearAfter != 0 {
		t.Error("what runs does not know")
	}
}

// TestSetupOfTheDemo: there is no file to set up.
func TestSetupOfTheDemo(t *testing.T) {
	if _, err := (host{}).setup(&daemon.Settings{}, nil, nil).Presets(t.Context()); auth.AsError(err).Code != auth.CodeDemo {
		t.Errorf("got %v", err)
	}
}
