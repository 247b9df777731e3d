//go:build linux

package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/session"
)

// TestAnUpdateTakesOver replaces the program of an engine that runs by a newer
// build and by an older one, with tokens in the keychain and in memory alone.
// Commands ask all the while: none fails, and nobody has to sign in again, also
// when the token is renewed afterwards.
func TestAnUpdateTakesOver(t *testing.T) {
	for name, tc := range map[string]struct {
		keyring bed.Keyring
		verb    string
		store   string
	}{
		"tray, keychain":  {bed.Unlocked, "", session.StoreKeychain},
		"tray, memory":    {bed.Absent, "", session.StoreMemory},
		"agent, memory":   {bed.Absent, "agent", session.StoreMemory},
		"command, memory": {bed.Absent, "no engine yet", session.StoreMemory},
	} {
		t.Run(name, func(t *testing.T) {
			h := newInstalled(t, tc.keyring)
			switch tc.verb {
			case "":
				h.startTray()
			case "agent":
				h.Start(h.whole(), "agent")
				h.waitEngine()
			}
			login := h.run(h.bus, "login", plant4, "--no-browser")
			h.Wait("the address", func() bool { return address(login) != "" })
			h.signInAt(address(login))
			if code := h.Exit(login.Process); code != 0 {
				t.Fatalf("login ended with %d: %s", code, login.Output())
			}
			first := h.waitVersion("2.0")
			want := h.token()
			if s := h.snapshot(plant4); want.code != 0 || s.Store != tc.store {
				t.Fatalf("%d, kept in %q: %s", want.code, s.Store, want.err)
			}

			ctx, stop := context.WithCancel(t.Context())
			var clients sync.WaitGroup
			for range 2 {
				clients.Go(func() {
					for ctx.Err() == nil {
						out, err := h.Command(h.program(), "token", plant4).CombinedOutput()
						if err != nil || string(out) != want.out {
							t.Errorf("a command was told %v: %.200s", err, out)
							return
						}
					}
				})
			}
			last := first
			for _, version := range []string{"3.0", "1.0"} { // newer, older
				h.install(buildOf(t, version))
				if pid := h.waitVersion(version); pid == last {
					t.Error("the process is the same")
				} else {
					last = pid
				}
			}
			stop()
			clients.Wait()
			if s := h.snapshot(plant4); s.Store != tc.store || s.State != session.Active {
				t.Errorf("the session is %s, kept in %q", s.State, s.Store)
			}
			asked := h.provider.asked()
			renewed := h.keyfob("token", plant4, "--min-valid", "59m59s")
			if renewed.code != 0 || renewed.out == want.out || h.provider.asked() != asked+1 {
				t.Errorf("renewed: %d %s, asked %d times", renewed.code, renewed.err, h.provider.asked()-asked)
			}
			if tc.verb == "" {
				h.Wait("one icon", func() bool { return h.Tray.Icons() == 1 })
			}
			h.Wait("the old one's end", func() bool { return syscall.Kill(first, 0) != nil || zombie(first) })
			if got := h.keyfob("quit"); got.code != 0 {
				t.Errorf("quit ended with %d: %s", got.code, got.err)
			}
			h.Wait("the end", func() bool { return h.Listener(h.socket()) == 0 })
		})
	}
}

// zombie reports whether a process has ended and nobody has taken note. As long as
// one of its threads is there, which may not be the first, its files are open.
func zombie(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	return err != nil || strings.Contains(string(b), ") Z ") && len(threads) < 2
}

// TestAnUpdateWaitsForASignIn installs a new version while somebody signs in. The
// menu says so until that is done.
func TestAnUpdateWaitsForASignIn(t *testing.T) {
	h := newInstalled(t, bed.Unlocked)
	h.startTray()
	login := h.run(h.bus, "login", plant4, "--no-browser")
	h.Wait("the address", func() bool { return address(login) != "" })
	first := h.waitVersion("2.0")
	h.install(buildOf(t, "3.0"))
	h.Tray.WaitEntry("Keyfob was updated: it restarts when nothing is in progress")
	time.Sleep(time.Second) // it must not change its mind
	if pid, version := h.running(); pid != first {
		t.Fatalf("%s runs, as %d", version, pid)
	}
	h.signInAt(address(login))
	if code := h.Exit(login.Process); code != 0 {
		t.Errorf("login ended with %d: %s", code, login.Output())
	}
	h.waitVersion("3.0")
	if s := h.snapshot(plant4); s.State != session.Active {
		t.Errorf("the session is %s", s.State)
	}
	h.Tray.WaitNoEntry("Keyfob was updated*")
}

// TestAnUpdateOfTheProtocol installs a build whose command the engine that runs does
// not understand, and back again. The command waits until the engine is of its
// version, too, and nobody has to sign in again.
func TestAnUpdateOfTheProtocol(t *testing.T) {
	h := newInstalled(t, bed.Absent)
	h.startTray()
	login := h.run(h.bus, "login", plant4, "--no-browser")
	h.Wait("the address", func() bool { return address(login) != "" })
	h.signInAt(address(login))
	if code := h.Exit(login.Process); code != 0 {
		t.Fatalf("login ended with %d: %s", code, login.Output())
	}
	want := h.token()
	newer, newerCommand := otherProtocol(t, "keyfob-tray", "3.0-next"), otherProtocol(t, "keyfob", "3.0-next")
	for range 2 {
		h.install(newer)
		h.installCommand(newerCommand)
		if got := h.token(); got.code != 0 || got.out != want.out {
			t.Errorf("the newer command ended with %d: %s", got.code, got.err)
		}
		h.install(buildOf(t, "2.0"))
		h.installCommand(filepath.Join(build(t), "keyfob"))
		if got := h.token(); got.code != 0 || got.out != want.out {
			t.Errorf("the older command ended with %d: %s", got.code, got.err)
		}
	}
}

// TestAnUpdateThatDoesNotStart leaves the engine as it was, and says so.
func TestAnUpdateThatDoesNotStart(t *testing.T) {
	h := newInstalled(t, bed.Absent)
	app := h.startTray()
	first := h.waitVersion("2.0")
	h.installFile(h.whole(), []byte("#!/bin/sh\nexit 1\n"))
	h.Tray.WaitEntry("Keyfob was updated, but the new version does not start")
	if !strings.Contains(app.Output(), "keyfob was updated, and the new version does not start") {
		t.Errorf("the log says %s", app.Output())
	}
	if got := h.keyfob("status"); got.code != 0 || h.Listener(h.socket()) != first {
		t.Errorf("status ended with %d: %s", got.code, got.err)
	}
	h.install(buildOf(t, "3.0"))
	h.waitVersion("3.0")
	h.Tray.WaitIcon()
	if n := h.Tray.Icons(); n != 1 {
		t.Errorf("%d icons", n)
	}
}

// TestAnUpdateIsKilled kills the engine that is replaced, the one that replaces it
// or both, at moments throughout the change. The next command has an engine, or
// starts one, and what the keychain holds is there.
func TestAnUpdateIsKilled(t *testing.T) {
	h := newInstalled(t, bed.Unlocked)
	want := h.signIn()
	h.save(want)
	ask := func() {
		t.Helper()
		if got := h.token(); got.code != 0 || secret(got.out) != want.Access {
			t.Errorf("token ended with %d: %s", got.code, got.err)
		}
	}
	ask()
	builds := map[bool]string{true: "3.0", false: "2.0"}
	delays := []time.Duration{0, 6 * time.Millisecond, 15 * time.Millisecond, 40 * time.Millisecond}
	for round := range 3 * len(delays) {
		first, _ := h.running()
		if first == 0 {
			t.Fatal("no engine runs")
		}
		h.install(buildOf(t, builds[round%2 == 0]))
		var next int
		for deadline := time.Now().Add(20 * time.Second); next == 0 && time.Now().Before(deadline); time.Sleep(200 * time.Microsecond) {
			next = engineOf(h.whole())
		}
		if next == 0 {
			pid, version := h.running()
			t.Fatalf("round %d: the engine %d started nothing; %d runs, of %s", round, first, pid, version)
		}
		time.Sleep(delays[round/3])
		if round%3 != 0 {
			_ = syscall.Kill(first, syscall.SIGKILL)
		}
		if round%3 != 1 {
			_ = syscall.Kill(next, syscall.SIGKILL)
		}
		ask()
	}
	_ = h.keyfob("quit", "--wait")
	ask()
}
