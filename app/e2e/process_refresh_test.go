//go:build linux

package e2e_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/oidc"
)

// many is how many processes want the token at the same moment.
const many = 50

// TestManyProcessesOneRefresh has fifty commands ask for the token at the
// moment when it is over: one request goes to the provider, and all print the
// same token. None of them opens a browser.
func TestManyProcessesOneRefresh(t *testing.T) {
	for verb, o := range map[string]bed.Options{
		"agent": {NoDisplay: true, NoTray: true, NoNotes: true},
		"tray":  {NoDisplay: true},
	} {
		t.Run("with the "+verb, func(t *testing.T) {
			h := newHeadlessOn(t, "ann", o)
			h.storeExpired()
			before := h.provider.asked()
			g := newGate()
			h.provider.hold(g, nil)
			engine := h.run(h.bus, strings.Fields(strings.TrimPrefix(verb, "tray"))...)
			<-g.reached // the engine renews by itself, and waits
			idle := sockets(t, engine.PID())
			all := make([]child, many)
			for i := range all {
				all[i] = h.run(h.bus, "token", plant4)
			}
			h.Wait("every process at the engine", func() bool { return sockets(t, engine.PID()) >= idle+many })
			close(g.open)
			h.sameToken(all)
			if n := h.provider.asked() - before; n != 1 {
				t.Errorf("%d refreshes for %d processes, want 1", n, many)
			}
		})
	}
	t.Run("with no engine yet, while the provider refuses", func(t *testing.T) {
		h := newHeadless(t, "ann")
		old := h.storeExpired()
		h.revoke(old)
		before := h.provider.asked()
		g := newGate()
		h.provider.hold(g, nil)
		all := make([]child, many)
		for i := range all {
			all[i] = h.run(h.bus, "token", plant4)
		}
		<-g.reached
		h.Wait("every process at the engine", func() bool { return sockets(t, h.engine()) >= many })
		close(g.open)
		for i, c := range all {
			if code := h.Exit(c.Process); code != 3 || c.out.String() != "" || !strings.Contains(c.Output(), "keyfob login") {
				t.Errorf("process %d ended with %d, want 3: %q %s", i, code, c.out.String(), c.Output())
			}
		}
		if n := h.provider.asked() - before; n != 1 {
			t.Errorf("%d refreshes with a token that was refused, want 1", n)
		}
	})
}

// TestAStaleEngineReadsAgain has another process renew the session that an
// engine holds in memory: the engine hands out the new token, and sends
// nothing.
func TestAStaleEngineReadsAgain(t *testing.T) {
	h := newHeadless(t, "ann")
	old := h.signIn()
	old.IssuedAt, old.Expiry = old.IssuedAt.Add(-30*time.Minute), old.Expiry.Add(-30*time.Minute)
	h.save(old)
	h.startEngine()
	if got := h.token(); got.code != 0 || secret(got.out) != old.Access {
		t.Fatalf("the engine did not hand out its token: %d %s", got.code, got.err)
	}
	client := &oidc.Client{Now: time.Now}
	fresh, err := client.Refresh(t.Context(), h.tool, old)
	if err == nil {
		fresh, err = client.VerifyRefreshed(t.Context(), h.tool, old, fresh)
	}
	if err != nil {
		t.Fatal(err)
	}
	h.save(fresh)
	before := h.provider.asked()
	got := h.keyfob("token", plant4, "--min-valid", "40m")
	if got.code != 0 || secret(got.out) != fresh.Access {
		t.Errorf("the token of the other process was not handed out: %d %s", got.code, got.err)
	}
	if n := h.provider.asked() - before; n != 0 {
		t.Errorf("%d refreshes with a token that another process has spent", n)
	}
}

// holdLock takes the session's lock when it is free, as a process that goes to
// work.
func (h *headless) holdLock() (release func()) {
	h.t.Helper()
	if err := os.MkdirAll(filepath.Dir(h.lockFile()), 0o700); err != nil {
		h.t.Fatal(err)
	}
	f, err := os.OpenFile(h.lockFile(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		h.t.Fatal(err)
	}
	h.Wait("the session's lock", func() bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil })
	return func() { _ = f.Close() }
}

// readsPerLoad is how many items an engine reads that reads the tokens. It leaves
// no engine.
func (h *headless) readsPerLoad(p *busProxy) int {
	h.t.Helper()
	h.endEngines()
	defer h.endEngines()
	p.arm(nil)
	if got := h.keyfobOn(p.address, "status"); got.code != 0 {
		h.t.Fatalf("status ended with %d: %s", got.code, got.err)
	}
	n := p.count("read")
	p.arm(nil)
	if n < 2 {
		h.t.Fatalf("reading the tokens took %d reads", n)
	}
	return n
}

// keyfobOn is keyfob on another bus.
func (h *headless) keyfobOn(bus string, args ...string) result {
	h.t.Helper()
	c := h.run(bus, args...)
	code := h.Exit(c.Process)
	return result{code, c.out.String(), c.Output()}
}

// sameToken waits for the end of all and checks that each printed the token
// that the provider issued last.
func (h *headless) sameToken(all []child) {
	h.t.Helper()
	for i, c := range all {
		code := h.Exit(c.Process)
		want, _ := h.provider.issued()
		if code != 0 || want == "" || secret(c.out.String()) != want {
			h.t.Errorf("process %d ended with %d, with the provider's token: %v\n%s", i, code, secret(c.out.String()) == want, c.Output())
		}
	}
}

// revoke ends a session at the provider.
func (h *headless) revoke(t auth.Tokens) {
	h.t.Helper()
	if err := (&oidc.Client{Now: time.Now}).Revoke(h.t.Context(), h.tool, t); err != nil {
		h.t.Fatal(err)
	}
}

// sockets is how many sockets a process has open.
func sockets(t *testing.T, pid int) int {
	t.Helper()
	fds, err := filepath.Glob(filepath.Join("/proc", strconv.Itoa(pid), "fd", "*"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, "socket:") {
			n++
		}
	}
	return n
}
