package daemon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/app/lock"
	"keyfob/auth/authtest/memory"
)

// deskless is the front of an engine that nobody sees.
type deskless struct{ server.Desktop }

func (deskless) Run(ctx context.Context, _ func()) error { <-ctx.Done(); return nil }
func (deskless) Reload(context.Context) bool             { return false }

func (deskless) Promote(context.Context, map[string]string) (string, error) {
	return "", errors.ErrUnsupported
}

// TestARequestMeansTheSettingsOfNow changes the file and asks at once, as a script
// does: the answer goes by what was written.
func TestARequestMeansTheSettingsOfNow(t *testing.T) {
	run, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(run) })
	dir, path := filepath.Join(run, "keyfob"), filepath.Join(run, "keyfob.toml")
	write := func(names ...string) {
		t.Helper()
		text := ""
		for _, name := range names {
			text += "[tools." + name + "]\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\"\n"
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("plant4")
	d, err := Claim(t.Context(), Config{
		Settings: path, Report: func(err error) { t.Error(err) },
		Parts: Parts{Dir: dir, Store: memory.New(), Now: time.Now, Locks: lock.Folders{State: filepath.Join(run, "state"), Runtime: dir}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx, deskless{}, nil) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	tools := func() (names []string) {
		t.Helper()
		c, err := agent.Dial(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		all, err := c.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all.Snapshots {
			names = append(names, s.Tool)
		}
		return names
	}
	if got := tools(); len(got) != 1 {
		t.Fatalf("the tools are %q", got)
	}
	write("plant4", "plant5")
	if got := tools(); len(got) != 2 {
		t.Errorf("after a change they are %q", got)
	}
	write()
	if got := tools(); len(got) != 0 {
		t.Errorf("without any they are %q", got)
	}
}
