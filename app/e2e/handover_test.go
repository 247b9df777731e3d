//go:build linux

package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/session"
)

// buildOf builds keyfob-tray as a version of its own and returns its path.
func buildOf(t *testing.T, version string) string {
	t.Helper()
	dir := build(t)
	name := "keyfob-tray-" + version
	programs.mu.Lock()
	defer programs.mu.Unlock()
	err, done := programs.built[name]
	if !done {
		cmd := exec.Command("go", "build", "-ldflags", "-X keyfob/app/caller.version="+version, "-o", filepath.Join(dir, name), ".")
		cmd.Dir = npm.Root(t)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, e := cmd.CombinedOutput(); e != nil {
			err = fmt.Errorf("%s: %w\n%s", name, e, out)
		}
		programs.built[name] = err
	}
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// newInstalled is a session with version 2.0, installed there for itself.
func newInstalled(t *testing.T, keyring bed.Keyring) *headless {
	t.Helper()
	h := newHeadlessOn(t, "ann", bed.Options{NoDisplay: true, Keyring: keyring})
	if err := os.Remove(h.program()); err != nil { // a link to where all tests have theirs
		t.Fatal(err)
	}
	if err := os.Link(filepath.Join(build(t), "keyfob"), h.program()); err != nil {
		t.Fatal(err)
	}
	h.install(buildOf(t, "2.0"))
	return h
}

// install puts a file into the place of keyfob-tray, as package managers do.
func (d *desktop) install(from string) {
	d.t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		d.t.Fatal(err)
	}
	d.installFile(content)
}

func (d *desktop) installFile(content []byte) {
	d.t.Helper()
	syscall.ForkLock.RLock() // a child that starts meanwhile would have it open
	err := os.WriteFile(d.whole()+".new", content, 0o755)
	syscall.ForkLock.RUnlock()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := os.Rename(d.whole()+".new", d.whole()); err != nil {
		d.t.Fatal(err)
	}
}

// running is the engine's process, and the version of its program.
func (d *desktop) running() (pid int, version string) {
	pid = d.Listener(d.socket())
	if pid == 0 {
		return 0, ""
	}
	out, err := d.Command(fmt.Sprintf("/proc/%d/exe", pid), "version").Output()
	if err != nil {
		return pid, err.Error()
	}
	return pid, strings.TrimSpace(string(out))
}

// waitVersion waits until an engine of that version runs, and returns its
// process.
func (d *desktop) waitVersion(version string) (pid int) {
	d.t.Helper()
	d.Wait("version "+version, func() bool {
		is := ""
		pid, is = d.running()
		return is == "keyfob "+version
	})
	return pid
}

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

// zombie reports whether a process has ended and nobody has taken note.
func zombie(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(b), ") Z ")
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

// TestAnUpdateThatDoesNotStart leaves the engine as it was, and says so.
func TestAnUpdateThatDoesNotStart(t *testing.T) {
	h := newInstalled(t, bed.Absent)
	app := h.startTray()
	first := h.waitVersion("2.0")
	h.installFile([]byte("#!/bin/sh\nexit 1\n"))
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

// engineOf is a process of the program that stands there now, other than the
// keychain's helper, or 0.
func engineOf(program string) int {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if exe, err := os.Readlink(link); err != nil || exe != program { // else of a file that was replaced, for one
			continue
		}
		var pid int
		line, err := os.ReadFile(filepath.Join(filepath.Dir(link), "cmdline"))
		_, bad := fmt.Sscanf(link, "/proc/%d/exe", &pid)
		if err == nil && bad == nil && !strings.Contains(string(line), "keychain-helper") {
			return pid
		}
	}
	return 0
}
