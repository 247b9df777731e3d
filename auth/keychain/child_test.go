package keychain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
)

const patience = 20 * time.Second // for what is not meant to hit its deadline

// put1 is one question answered by serve over m, without a process between.
func put1(t *testing.T, m *Memory, q question) answer {
	t.Helper()
	in, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := serve(t.Context(), bytes.NewReader(in), &out, func(string) Store { return m }); err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestServe(t *testing.T) {
	m := NewMemory()
	want := set("piped", 64<<10)
	b, err := encode(want)
	if err != nil {
		t.Fatal(err)
	}
	q := question{Service: "keyfob", Tool: tool, Within: time.Minute}
	with := func(op string) question { q := q; q.Op = op; return q }
	if a := put1(t, m, with(opLoad)); !a.Missing {
		t.Errorf("load of nothing: %+v", a)
	}
	save := with(opSave)
	save.Tokens = b
	if a := put1(t, m, save); !a.OK {
		t.Errorf("save: %+v", a)
	}
	a := put1(t, m, with(opLoad))
	if got, err := decode(a.Tokens); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("load: %v", err)
	}
	if a := put1(t, m, with(opDelete)); !a.OK {
		t.Errorf("delete: %+v", a)
	}
	if a := put1(t, m, with(opLoad)); !a.Missing {
		t.Errorf("load after delete: %+v", a)
	}
	if a := put1(t, m, with("burn")); a.Error == nil || a.Error.Kind != auth.KindUsage {
		t.Errorf("unknown operation: %+v", a)
	}
	save.Tokens = json.RawMessage(`[1]`)
	if a := put1(t, m, save); a.Error == nil {
		t.Errorf("save of nonsense: %+v", a)
	}
}

func TestServeRefusesNonsense(t *testing.T) {
	for _, in := range []string{"", "hello", "{}", `{"op":"load","service":"keyfob","tool":"a"}`, `{"op":"load","service":"","tool":"a","within":1}`, strings.Repeat(" ", maxMessage+1)} {
		var out bytes.Buffer
		err := ServeChild(t.Context(), strings.NewReader(in), &out)
		if auth.KindOf(err) != auth.KindUsage || out.Len() != 0 {
			t.Errorf("%.20q: %v, %q", in, err, out.String())
		}
	}
}

func TestChildThatFails(t *testing.T) {
	for _, tt := range []struct {
		name string
		argv []string
		code string
	}{
		{"dies", helperArgv(t, "die"), CodeFailed},
		{"floods", helperArgv(t, "flood"), CodeFailed},
		{"says nothing", helperArgv(t, "say", ""), CodeFailed},
		{"says nonsense", helperArgv(t, "say", "hello"), CodeFailed},
		{"says an empty object", helperArgv(t, "say", "{}"), CodeFailed},
		{"says damaged tokens", helperArgv(t, "say", `{"ok":true,"tokens":[1]}`), CodeDamaged},
		{"says an error", helperArgv(t, "say", `{"error":{"kind":"keychain","code":"keychain_locked","what":"locked"}}`), CodeLocked},
		{"is not there", []string{filepath.Join(t.TempDir(), "keyfob"), helperVerb}, CodeFailed},
		{"is no program", []string{t.TempDir()}, CodeFailed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := NewChild("keyfob-test", tt.argv, patience)
			_, err := c.Load(t.Context(), tool)
			if e := auth.AsError(err); e == nil || e.Code != tt.code {
				t.Fatalf("err = %v", err)
			}
			if strings.Contains(err.Error(), "secret-on-stderr") {
				t.Error("the child's stderr is in the error")
			}
		})
	}
	c := NewChild("keyfob-test", helperArgv(t, "say", `{"missing":true}`), patience)
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
		}, auth.KindKeychain, CodeTimeout},
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
			c := NewChild("keyfob-test", helperArgv(t, "hang", pids), patience)
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
	c := NewChild("keyfob-test", helperArgv(t, "leave", pids), patience)
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
	c := NewChild("keyfob-test", helperArgv(t, "hang", filepath.Join(t.TempDir(), "pids")), 300*time.Millisecond)
	if _, err := c.Load(t.Context(), tool); code(err) != CodeTimeout {
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
	c := NewChild("keyfob-test", helperArgv(t, "spy", seen), patience)
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
