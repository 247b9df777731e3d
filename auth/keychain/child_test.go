//go:build unix

package keychain

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"keyfob/auth"
)

const patience = 20 * time.Second // for what is not meant to hit its deadline

// served is a helper that serves m in this process. It ends when the test does.
func served(t *testing.T, m helperStore, harden func()) wire {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	var ends [2]*socket
	for i, fd := range fds {
		f := os.NewFile(uintptr(fd), "end")
		if ends[i], err = asSocket(f); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	done := make(chan error, 1)
	go func() {
		done <- serve(t.Context(), ends[1], harden, func(string, func(int32)) helperStore { return m })
	}()
	t.Cleanup(func() {
		_ = ends[0].Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	put(t, ends[0], question{ID: 1, Op: opHello, Service: "keyfob"})
	return ends[0]
}

func put(t *testing.T, w wire, q question, files ...*os.File) {
	t.Helper()
	if err := write(w, q, files); err != nil {
		t.Fatal(err)
	}
}

// take is the next answer to a question with this number.
func take(t *testing.T, w wire, id uint64) (a answer) {
	t.Helper()
	for a.ID != id {
		a = answer{}
		if err := read(w, &a); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func TestServe(t *testing.T) {
	var hardened atomic.Int32
	w := served(t, kept{NewMemory()}, func() { hardened.Add(1) })
	want := set("piped", 64<<10)
	b, err := encode(want)
	if err != nil {
		t.Fatal(err)
	}
	id := uint64(1)
	ask := func(op string, tokens []byte) answer {
		t.Helper()
		id++
		put(t, w, question{ID: id, Op: op, Tool: tool, Within: time.Minute, Tokens: tokens})
		return take(t, w, id)
	}
	if a := ask(opLoad, nil); !a.Missing || hardened.Load() != 1 {
		t.Errorf("load of nothing: %+v, hardened %d times before the first answer", a, hardened.Load())
	}
	if a := ask(opSave, b); !a.OK {
		t.Errorf("save: %+v", a)
	}
	if got, err := decode(ask(opLoad, nil).Tokens); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("load: %v", err)
	}
	if a := ask(opDelete, nil); !a.OK {
		t.Errorf("delete: %+v", a)
	}
	if a := ask(opLoad, nil); !a.Missing {
		t.Errorf("load after delete: %+v", a)
	}
	if a := ask("burn", nil); a.Error == nil || a.Error.Kind != auth.KindUsage {
		t.Errorf("unknown operation: %+v", a)
	}
	if a := ask(opSave, []byte(`[1]`)); a.Error == nil {
		t.Errorf("save of nonsense: %+v", a)
	}
}

func TestChildThatFails(t *testing.T) {
	for _, tt := range []struct {
		name string
		argv []string
		code string
	}{
		{"dies", helperArgv(t, "die"), auth.CodeKeychainFailed},
		{"floods", helperArgv(t, "flood"), auth.CodeKeychainFailed},
		{"says nothing", helperArgv(t, "say", ""), auth.CodeKeychainFailed},
		{"answers nothing", helperArgv(t, "say", `{"id":ID}`), auth.CodeKeychainFailed},
		{"says nonsense", helperArgv(t, "say", "hello"), auth.CodeKeychainFailed},
		{"says an object that is none", helperArgv(t, "say", `["ID"]`), auth.CodeKeychainFailed},
		{"says damaged tokens", helperArgv(t, "say", `{"id":ID,"ok":true,"tokens":[1]}`), auth.CodeKeychainDamaged},
		{
			"says an error", helperArgv(t, "say", `{"id":ID,"error":{"kind":"keychain","code":"keychain_locked","what":"locked"}}`),
			auth.CodeKeychainLocked,
		},
		{"is not there", []string{filepath.Join(t.TempDir(), "keyfob"), helperVerb}, auth.CodeKeychainFailed},
		{"is no program", []string{t.TempDir()}, auth.CodeKeychainFailed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newChild(t, "keyfob-test", tt.argv, patience)
			_, err := c.Load(t.Context(), tool)
			if e := auth.AsError(err); e == nil || e.Code != tt.code {
				t.Fatalf("err = %v", err)
			}
			if strings.Contains(err.Error(), "secret-on-stderr") {
				t.Error("the child's stderr is in the error")
			}
		})
	}
	c := newChild(t, "keyfob-test", helperArgv(t, "say", `{"id":ID,"missing":true}`), patience)
	if _, err := c.Load(t.Context(), tool); !errors.Is(err, ErrNotFound) {
		t.Errorf("missing: %v", err)
	}
}

// The set fills the pipe while nobody reads it, and a grandchild holds the
// other one open.
func TestChildThatHangsIsKilledWithItsChildren(t *testing.T) {
	for _, tt := range []struct {
		name string
		ctx  func(pids string) (context.Context, context.CancelFunc)
		kind auth.Kind
		code string
	}{
		{"deadline", func(string) (context.Context, context.CancelFunc) {
			return context.WithTimeout(t.Context(), 700*time.Millisecond)
		}, auth.KindKeychain, auth.CodeKeychainTimeout},
		{"cancelled", func(pids string) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				for len(children(pids)) < 2 {
					time.Sleep(5 * time.Millisecond)
				}
				cancel()
			}()
			return ctx, cancel
		}, auth.KindCanceled, "canceled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pids := filepath.Join(t.TempDir(), "pids")
			c := newChild(t, "keyfob-test", helperArgv(t, "hang", pids), patience)
			ctx, cancel := tt.ctx(pids)
			defer cancel()
			err := c.Save(ctx, tool, set("hang", 1<<20))
			if e := auth.AsError(err); e == nil || e.Kind != tt.kind || e.Code != tt.code {
				t.Fatalf("err = %v", err)
			}
			for _, pid := range children(pids) {
				waitGone(t, pid)
			}
		})
	}
}

func TestChildThatLeavesSomebodyOnThePipe(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	c := newChild(t, "keyfob-test", helperArgv(t, "leave", pids), patience)
	_, err := c.Load(t.Context(), tool)
	for _, pid := range children(pids) {
		n, _ := strconv.Atoi(pid)
		if p, err := os.FindProcess(n); err == nil {
			_ = p.Kill()
		}
	}
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("err = %v", err)
	}
}

func TestChildsOwnDeadline(t *testing.T) {
	c := newChild(t, "keyfob-test", helperArgv(t, "hang", filepath.Join(t.TempDir(), "pids")), 300*time.Millisecond)
	if _, err := c.Load(t.Context(), tool); code(err) != auth.CodeKeychainTimeout {
		t.Errorf("err = %v", err)
	}
}

// children reads the process numbers that the hanging helper wrote.
func children(file string) []string {
	b, _ := os.ReadFile(file)
	if !strings.HasSuffix(string(b), " ") {
		return nil
	}
	return strings.Fields(string(b))
}

func TestSecretsGoOverPipesOnly(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/kept")
	seen := filepath.Join(t.TempDir(), "seen")
	c := newChild(t, "keyfob-test", helperArgv(t, "spy", seen), patience)
	if err := c.Save(t.Context(), tool, set("canary", 4000)); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Args, Env []string }
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "canary") {
		t.Error("a secret is in the arguments or the environment")
	}
	if !strings.Contains(strings.Join(got.Env, "\n"), "DBUS_SESSION_BUS_ADDRESS=unix:path=/kept") {
		t.Error("the child does not know the session bus")
	}
}

func TestMemory(t *testing.T) {
	m := NewMemory()
	want := set("one", 3000)
	if err := m.Save(t.Context(), tool, want); err != nil {
		t.Fatal(err)
	}
	want2 := set("one", 3000)
	want.Scopes[0] = "changed by the caller"
	if got, err := m.Load(t.Context(), tool); err != nil || !reflect.DeepEqual(got, want2) {
		t.Errorf("load: %v", err)
	}
	if err := m.Delete(t.Context(), tool); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Load(t.Context(), tool); !errors.Is(err, ErrNotFound) {
		t.Errorf("after delete: %v", err)
	}
	if n := len(m.v.b.(items)); n != 0 {
		t.Errorf("%d items left", n)
	}
}
