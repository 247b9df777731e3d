package config_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"

	"keyfob/app/config"
	"keyfob/auth"
)

// changer names the file that this process, started by a test, changes, and
// what it adds.
const changer = "KEYFOB_TEST_CHANGES"

func TestMain(m *testing.M) {
	if path, name, ok := strings.Cut(os.Getenv(changer), "|"); ok {
		if err := change(context.Background(), path, name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// change makes each kind of change: two tools, of which one goes again, a scope
// and a setting.
func change(ctx context.Context, path, name string) error {
	add := func(id string) error {
		return config.AddTable(
			ctx,
			path,
			id,
			[]config.KeyValue{
				{Key: "issuer", Value: "https://idp.example.com"},
				{Key: "client_id", Value: "x"},
				{Key: "scopes", Value: []string{"openid"}},
			},
		)
	}
	err := errors.Join(
		add(name),
		add(name+"-gone"),
		config.AddOffline(ctx, path, name),
		config.SetClearAfter(ctx, path, time.Duration(len(name))*time.Minute),
	)
	_, removing := config.Remove(ctx, path, name+"-gone")
	return errors.Join(err, removing)
}

// TestManyChangeAtOnce has processes and goroutines change one file, some of
// them through a link to it: no change is lost.
func TestManyChangeAtOnce(t *testing.T) {
	const processes, goroutines = 6, 6
	dir := t.TempDir()
	path, link := filepath.Join(dir, "new", "keyfob.toml"), filepath.Join(dir, "keyfob.toml")
	if err := config.SetNotifications(t.Context(), path, false); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range processes {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|process%d", changer, []string{path, link}[i%2], i))
		all.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	for i := range goroutines {
		all.Go(func() {
			if err := change(t.Context(), []string{path, link}[i%2], fmt.Sprint("goroutine", i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s, err := config.Load(path)
	if err != nil || len(s.Bad) > 0 {
		t.Fatal(err, s)
	}
	if len(s.Tools) != processes+goroutines || !s.Quiet || s.ClearAfter == config.DefaultClearAfter {
		t.Errorf("%d tools of %d, quiet %v, cleared after %v", len(s.Tools), processes+goroutines, s.Quiet, s.ClearAfter)
	}
	for _, tool := range s.Tools {
		if !tool.AsksOffline() {
			t.Errorf("%s lost its scope", tool.ID)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestStaleLock is for what a killed program leaves: its file, and no lock.
func TestStaleLock(t *testing.T) {
	path := write(t, good)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := config.SetClearAfter(t.Context(), path, time.Hour); err != nil {
		t.Error(err)
	}
}

// TestLockedForLong gives up on a program that hangs.
func TestLockedForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := write(t, good)
		held(t, path)
		var e *auth.Error
		if err := config.SetClearAfter(t.Context(), path, time.Hour); !errors.As(err, &e) || e.Kind != auth.KindTransient ||
			read(t, path) != good {
			t.Errorf("%v, and the file is %q", err, read(t, path))
		}
	})
}

// held has another program change the file for as long as the test runs.
func held(t *testing.T, path string) {
	t.Helper()
	lock := flock.New(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock"))
	if ok, err := lock.TryLock(); !ok {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lock.Unlock() })
}
