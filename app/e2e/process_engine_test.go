//go:build linux

package e2e_test

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
)

// socket is the engine's socket.
func (d *desktop) socket() string { return filepath.Join(d.Runtime, "keyfob", "agent.sock") }

// TestStartsAtOnceLeaveOneEngine starts the tray and the agent several times
// at the same moment: one remains, and the others end well and say so.
func TestStartsAtOnceLeaveOneEngine(t *testing.T) {
	for name, verbs := range map[string][]string{
		"agents": {"agent", "agent", "agent", "agent", "agent", "agent"},
		"trays":  {"", "", "", "", "", ""},
		"both":   {"", "agent", "", "agent", "", "agent"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesktopWith(t, bed.Options{NoDisplay: true, Keyring: bed.Absent}, "keyfob")
			all := make([]*bed.Process, len(verbs))
			for i, verb := range verbs {
				all[i] = d.Start(d.program(), strings.Fields(verb)...)
			}
			running := func() (left []*bed.Process) {
				for _, p := range all {
					if p.Running() {
						left = append(left, p)
					}
				}
				return left
			}
			d.Wait("one to remain", func() bool { return len(running()) == 1 })
			if got := d.keyfob("status"); got.code != 0 {
				t.Errorf("the one that remains: status ended with %d: %s", got.code, got.err)
			}
			one := running()
			if len(one) != 1 {
				t.Fatalf("%d remain", len(one))
			}
			for _, p := range all {
				if p == one[0] {
					continue
				}
				if code := d.Exit(p); code != 0 || !strings.Contains(p.Output(), "already running") {
					t.Errorf("one of the others ended with %d: %s", code, p.Output())
				}
			}
			if name == "trays" {
				d.Tray.WaitIcon()
			}
			if n := d.Tray.Icons(); n > 1 {
				t.Errorf("%d icons", n)
			}
		})
	}
}

// TestAKilledEngineLeavesNothingInTheWay kills the engine and finds its socket
// and lock in place: commands do without it, and the next one takes over.
func TestAKilledEngineLeavesNothingInTheWay(t *testing.T) {
	h := newHeadless(t, "ann")
	want := h.signIn()
	h.save(want)
	for _, verb := range []string{"agent", "tray", "agent"} {
		engine := h.run(h.bus, strings.Fields(strings.TrimPrefix(verb, "tray"))...)
		h.waitEngine()
		if got := h.token(); got.code != 0 || secret(got.out) != want.Access {
			t.Errorf("with the %s: %d %s", verb, got.code, got.err)
		}
		engine.Kill()
		if _, err := os.Lstat(h.socket()); err != nil {
			t.Fatalf("the kill left no socket to test with: %v", err)
		}
		if got := h.token(); got.code != 0 || secret(got.out) != want.Access {
			t.Errorf("after the %s was killed: %d %s", verb, got.code, got.err)
		}
		if got := h.keyfob("quit", "--wait"); got.code != 0 { // that command's engine, beside which the next one would come too late
			t.Fatalf("quit: %d %s", got.code, got.err)
		}
	}
	if n := h.provider.asked(); n != 0 {
		t.Errorf("%d refreshes for nothing", n)
	}
}

// TestStrangeFoldersAreRefused puts something else where the socket's folder
// belongs. Every verb says what is wrong there, and none goes on.
func TestStrangeFoldersAreRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		make func(t *testing.T, dir, away string) error
		says string
		root bool // only the superuser can make it
	}{
		"link": {make: func(_ *testing.T, dir, away string) error { return os.Symlink(away, dir) }, says: "is a link"},
		"link to nowhere": {
			make: func(_ *testing.T, dir, away string) error { return os.Symlink(away+"/nothing", dir) },
			says: "is a link",
		},
		"file": {
			make: func(_ *testing.T, dir, _ string) error { return os.WriteFile(dir, nil, 0o600) },
			says: "is not a folder",
		},
		"open to others":    {make: mkdir(0o770), says: "can be written by other users"},
		"open to everybody": {make: mkdir(0o777), says: "can be written by other users"},
		"another user's": {root: true, says: "belongs to another user", make: func(t *testing.T, dir, away string) error {
			if err := mkdir(0o700)(t, dir, away); err != nil {
				return err
			}
			return os.Chown(dir, 12345, 12345)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.root {
				authtest.NeedRoot(t, "a folder is given away")
			}
			d := newDesktopWith(t, bed.Options{NoDisplay: true, NoBus: true}, "keyfob")
			d.settings("[tools.plant4]\nname = \"ThingWorx Plant 4\"\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\"\n")
			away := filepath.Join(d.Dir, "away")
			if err := os.Mkdir(away, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := tc.make(t, filepath.Join(d.Runtime, "keyfob"), away); err != nil {
				t.Fatal(err)
			}
			for _, line := range []string{"", "agent", "token plant4", "status", "login plant4 --no-browser", "logout plant4"} {
				got := d.keyfob(strings.Fields(line)...)
				if got.code != 1 || got.out != "" || !strings.Contains(got.err, tc.says) || !strings.Contains(got.err, "XDG_RUNTIME_DIR") {
					t.Errorf("`keyfob %s` ended with %d and says %q, want 1 and %q", line, got.code, got.err, tc.says)
				}
			}
			if left, err := os.ReadDir(away); err != nil || len(left) != 0 {
				t.Errorf("files came to be elsewhere: %v, %v", left, err)
			}
		})
	}
}

func mkdir(mode os.FileMode) func(*testing.T, string, string) error {
	return func(_ *testing.T, dir, _ string) error {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
		return os.Chmod(dir, mode)
	}
}

// TestBadClientsOfTheEngine holds bad clients against the engine of the real
// program: commands are answered meanwhile, and the bad ones are dropped.
func TestBadClientsOfTheEngine(t *testing.T) {
	h := newHeadless(t, "ann")
	want := h.signIn()
	h.save(want)
	engine := h.startEngine()
	var bad []net.Conn
	for name, says := range map[string][]byte{
		"silent":     nil,
		"half":       []byte(`{"v":1,"op":"tok`),
		"garbage":    []byte("\x00\xff\x16\x03\x01\n"),
		"HTTP":       []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
		"10 MiB":     bytes.Repeat([]byte("x"), 10<<20),
		"deep":       bytes.Repeat([]byte("["), 1<<15),
		"never done": append([]byte(`{"v":1,"op":"`), bytes.Repeat([]byte("x"), 1<<15)...),
	} {
		for range 20 {
			conn, err := net.Dial("unix", h.socket())
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			defer func() { _ = conn.Close() }()
			go func() { _, _ = conn.Write(says) }() // a hang-up midway is lawful
			bad = append(bad, conn)
		}
	}
	for range 5 {
		if got := h.keyfob("status"); got.code != 0 || !strings.Contains(got.out, "signed in") {
			t.Errorf("status meanwhile ended with %d: %s%s", got.code, got.out, got.err)
		}
		if got := h.token(); got.code != 0 || secret(got.out) != want.Access {
			t.Errorf("token meanwhile ended with %d: %s", got.code, got.err)
		}
	}
	for _, conn := range bad {
		if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		said, err := io.ReadAll(io.LimitReader(conn, 1<<20))
		if e, ok := err.(net.Error); ok && e.Timeout() {
			t.Fatalf("a bad client was not dropped; it was told %q", said)
		}
		if strings.Contains(string(said), want.Access.Reveal()) {
			t.Error("a bad client got a token")
		}
	}
	if !engine.Running() {
		t.Error("the engine is gone")
	}
}

// TestAStoppedEngine freezes the engine: every verb that asks it gives up with
// the code for trying later, while it still stands. When it goes on it answers,
// and does nothing for those who gave up.
func TestAStoppedEngine(t *testing.T) {
	h := newHeadless(t, "ann")
	want := h.signIn()
	h.save(want)
	engine := h.startEngine()
	if got := h.token(); got.code != 0 {
		t.Fatalf("token ended with %d: %s", got.code, got.err)
	}
	authtest.Freeze(t, engine.PID())
	all := map[string]child{}
	at := time.Now()
	for _, line := range []string{"token plant4", "status", "login plant4", "logout plant4", ""} {
		all[line] = h.run(h.bus, strings.Fields(line)...)
	}
	for line, c := range all {
		if code := h.Exit(c.Process); code != 4 || c.out.String() != "" || !strings.Contains(c.Output(), "does not answer") {
			t.Errorf("`keyfob %s` ended with %d: %s", line, code, c.Output())
		}
	}
	t.Logf("all had given up after %v", time.Since(at).Round(10*time.Millisecond))
	if err := engine.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if got := h.token(); got.code != 0 || secret(got.out) != want.Access {
		t.Errorf("woken up: token ended with %d: %s", got.code, got.err)
	}
	if n := h.provider.faults.Seen("/authorize"); n != 1 {
		t.Errorf("%d sign-in pages were asked for, want that of the test itself", n)
	}
}
