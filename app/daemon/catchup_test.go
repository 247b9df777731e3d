package daemon

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
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

// TestAFileThatChangesAgainAndAgain holds up nobody for long, however many ask.
func TestAFileThatChangesAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "keyfob.toml")
		n := 0
		d := &Daemon{settings: &Settings{path: path, catching: make(chan struct{}, 1)}, now: func() time.Time {
			n++ // with each look at the time another state of the file
			if err := os.WriteFile(path, bytes.Repeat([]byte{'\n'}, n), 0o600); err != nil {
				t.Error(err)
			}
			return time.Now()
		}}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { d.catchUp(t.Context()) })
		}
		all.Wait()
		if took := time.Since(began); took > catchesWithin {
			t.Errorf("it took %v", took)
		}
	})
}
