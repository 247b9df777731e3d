//go:build linux

package keychain

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// counted is a Child whose helpers note their process IDs.
func counted(t *testing.T) (c *Child, pids func() []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pids")
	c = newChild(t, "keyfob-test", helperArgv(t, "memory", file), patience)
	return c, func() []string {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Fields(string(b))
	}
}

// TestOneHelperServesAll asks many times and at once: what a helper remembers is
// there for all of it. One that dies is followed by another.
func TestOneHelperServesAll(t *testing.T) {
	c, pids := counted(t)
	c.idle = time.Hour
	if err := c.Save(t.Context(), tool, set("one", 100)); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := c.Load(t.Context(), tool); err != nil {
				t.Error(err)
			}
			if err := c.Save(t.Context(), "other", set("two", 100_000)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(pids()); n != 1 {
		t.Fatalf("%d helpers", n)
	}
	pid, err := strconv.Atoi(pids()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitGone(t, pids()[0])
	if _, err := c.Load(t.Context(), tool); !errors.Is(err, ErrNotFound) { // another memory
		t.Errorf("after its end: %v", err)
	}
	if n := len(pids()); n != 2 {
		t.Errorf("%d helpers", n)
	}
}

// TestAQuestionWithoutAnAnswer holds up no other, and costs the helper nothing:
// what a person has allowed would be lost with it.
func TestAQuestionWithoutAnAnswer(t *testing.T) {
	c, pids := counted(t)
	if err := c.Save(t.Context(), tool, set("one", 100)); err != nil {
		t.Fatal(err)
	}
	for _, end := range []struct {
		ctx  func() (context.Context, context.CancelFunc)
		code string
	}{
		{func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(t.Context(), 300*time.Millisecond)
		}, auth.CodeKeychainTimeout},
		{func() (context.Context, context.CancelFunc) { return context.WithCancel(t.Context()) }, "canceled"},
	} {
		ctx, cancel := end.ctx()
		defer cancel()
		got := make(chan error, 1)
		go func() {
			_, err := c.Load(ctx, stuckTool)
			got <- err
		}()
		if _, err := c.Load(t.Context(), tool); err != nil {
			t.Errorf("beside it: %v", err)
		}
		if end.code == "canceled" {
			cancel()
		}
		if err := <-got; code(err) != end.code {
			t.Errorf("err = %v, want %s", err, end.code)
		}
		if _, err := c.Load(t.Context(), tool); err != nil {
			t.Errorf("after it: %v", err)
		}
	}
	if n := len(pids()); n != 1 {
		t.Errorf("%d helpers", n)
	}
}

// TestAStoppedHelperIsKilled and the next one serves.
func TestAStoppedHelperIsKilled(t *testing.T) {
	c, pids := counted(t)
	if err := c.Save(t.Context(), tool, set("one", 100)); err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(pids()[0])
	if err != nil {
		t.Fatal(err)
	}
	authtest.Freeze(t, pid)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := c.Load(ctx, tool); code(err) != auth.CodeKeychainTimeout {
		t.Errorf("err = %v", err)
	}
	waitGone(t, pids()[0])
	if _, err := c.Load(t.Context(), tool); !errors.Is(err, ErrNotFound) {
		t.Errorf("the next one: %v", err)
	}
}

// TestAnIdleHelperEnds where another is as good.
func TestAnIdleHelperEnds(t *testing.T) {
	c, pids := counted(t)
	c.idle = 10 * time.Millisecond
	for i := range 3 {
		if err := c.Save(t.Context(), tool, set("one", 100)); err != nil {
			t.Fatal(err)
		}
		all := pids()
		if len(all) != i+1 {
			t.Fatalf("%d helpers, want %d", len(all), i+1)
		}
		waitGone(t, all[i])
	}
}

// TestAHelperEndsWithItsParent however that ends.
func TestAHelperEndsWithItsParent(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pids")
	argv := helperArgv(t, "parent", file)
	parent := authtest.StartChild(t, exec.Command(argv[0], argv[1:]...))
	parent.Line(t) // it has started a helper
	if err := parent.Cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Cmd.Wait()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	waitGone(t, strings.TrimSpace(string(b)))
}

// TestTheLockGoesWithTheWrite holds a lock's file in the helper for as long as it
// writes, although nobody else has it open any more.
func TestTheLockGoesWithTheWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	free := func() bool {
		other, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		return syscall.Flock(int(other.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	}
	begun, goOn := make(chan struct{}), make(chan struct{})
	w := served(t, slow{kept{NewMemory()}, begun, goOn}, func() {})
	b, err := encode(set("one", 10))
	if err != nil {
		t.Fatal(err)
	}
	put(t, w, question{ID: 7, Op: opSave, Tool: tool, Within: time.Minute, Tokens: b, Files: 1}, f)
	<-begun
	_ = f.Close()
	if free() {
		t.Error("the lock is free while its set is written")
	}
	close(goOn)
	if a := take(t, w, 7); !a.OK || !free() {
		t.Errorf("afterwards: %+v, the lock is free: %v", a, free())
	}
}

// slow is a memory whose writes take as long as the test likes.
type slow struct {
	kept
	begun, goOn chan struct{}
}

func (s slow) Save(context.Context, string, auth.Tokens) error {
	close(s.begun)
	<-s.goOn
	return nil
}
