//go:build linux

package start_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/lock"
	"keyfob/app/start"
	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestWhatCannotBeStarted is told in a sentence, and nothing is started.
func TestWhatCannotBeStarted(t *testing.T) {
	top := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(top, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, tc := range map[string]struct {
		change func(c *start.Config)
		kind   auth.Kind
		code   string
		says   string
	}{
		"no program": {
			func(c *start.Config) { c.Program = filepath.Join(top, "none") },
			auth.KindFailed, auth.CodeEngineStart, "no such file",
		},
		"no right to run it": {
			func(c *start.Config) { c.Program = file("plain", "", 0o600) },
			auth.KindFailed, auth.CodeEngineStart, "permission denied",
		},
		"no program of this machine": {
			func(c *start.Config) { c.Program = file("strange", "\x7fELF of another", 0o700) },
			auth.KindFailed, auth.CodeEngineStart, "exec format error): install Keyfob for this kind of machine",
		},
		"no place for the socket": {
			func(c *start.Config) { c.Dir = filepath.Join(file("file", "", 0o600), "run") },
			auth.KindFailed, auth.CodeAgentListen, "not a directory",
		},
		"sudo": {
			func(c *start.Config) { c.Env = append(c.Env, "SUDO_UID=4711") },
			auth.KindUsage, auth.CodeOthersHome, "under sudo",
		},
		"pkexec": {
			func(c *start.Config) { c.Env = append(c.Env, "PKEXEC_UID=4711") },
			auth.KindUsage, auth.CodeOthersHome, "under pkexec",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "")
			c := r.config()
			tc.change(&c)
			e := auth.AsError(start.Engine(t.Context(), c))
			if e == nil || e.Kind != tc.kind || e.Code != tc.code || !strings.Contains(e.Error(), tc.says) {
				t.Errorf("got %#v, want %v", e, tc)
			}
			if n := len(r.notes()); n != 0 {
				t.Errorf("%d engines were started", n)
			}
		})
	}
}

// TestAnothersHome is no place to start an engine for.
func TestAnothersHome(t *testing.T) {
	authtest.NeedRoot(t, "gives a folder to another user")
	home := t.TempDir()
	if err := os.Chown(home, 4711, 4711); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, "")
	c := r.config()
	c.Env = []string{"HOME=" + home}
	if e := auth.AsError(start.Engine(t.Context(), c)); e == nil || e.Kind != auth.KindUsage || len(r.notes()) != 0 {
		t.Errorf("got %v, and %d engines", e, len(r.notes()))
	}
}

// TestAStartThatHangs is another command's: it holds the lock, or its engine does not
// listen. Both are told within five seconds.
func TestAStartThatHangs(t *testing.T) {
	for name, tc := range map[string]struct{ file, says string }{
		"a command": {"start.lock", "is starting the engine and does not get on with it"},
		"an engine": {"engine.lock", "is running and cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, "")
			l, err := lock.Try(r.plan.Dir, tc.file)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = l.Release() }()
			began := time.Now()
			e := auth.AsError(r.engine())
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if e == nil || e.Kind != auth.KindTransient || e.Code != auth.CodeAgentSilent || !strings.Contains(e.What, tc.says) {
				t.Errorf("got %#v", e)
			}
		})
	}
}

// TestACommandThatIsCancelled does not wait for its engine.
func TestACommandThatIsCancelled(t *testing.T) {
	r := newRig(t, "hang")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- start.Engine(ctx, r.config()) }()
	for len(r.notes()) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || auth.KindOf(err) != auth.KindCanceled {
		t.Errorf("got %v", err)
	}
}

// TestNoMoreProcesses has a user whose limit is reached.
func TestNoMoreProcesses(t *testing.T) {
	authtest.NeedRoot(t, "runs as a user whose limit counts")
	const other = 4711
	p := newPlace(t)
	r := newRig(t, "")
	r.plan.Dir = filepath.Join(p.dir, "run")
	r.write()
	for _, path := range []string{p.dir, r.file} {
		if err := os.Chown(path, other, other); err != nil {
			t.Fatal(err)
		}
	}
	for dir := p.dir; dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Dir(filepath.Dir(r.file)), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(p.self, "command", r.file)
	cmd.Env = []string{"KEYFOB_TEST_NPROC=1"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: other, Gid: other}}
	out, _ := cmd.CombinedOutput()
	if want := "resource temporarily unavailable): end programs that you do not need, or raise your limits\n"; !strings.HasSuffix(
		string(out),
		want,
	) {
		t.Errorf("got %q, want %q", out, want)
	}
	if n := len(r.notes()); n != 0 {
		t.Errorf("%d engines were started", n)
	}
}
