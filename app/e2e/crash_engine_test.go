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
)

// eachRound is changes, as many times as each is to be killed at.
func eachRound(t *testing.T, changes []step) (all []step) {
	t.Helper()
	for range rounds(t) {
		all = append(all, changes...)
	}
	return all
}

// changesOf is what a refresh changes in the keychain, in order, as a run that
// nobody kills shows it.
func (h *headless) changesOf(p *busProxy) (changes []step) {
	h.t.Helper()
	h.endEngines()
	defer h.endEngines()
	h.storeExpired()
	p.arm(nil)
	if got := h.keyfobOn(p.address, "token", plant4); got.code != 0 {
		h.t.Fatalf("a refresh that nobody kills ended with %d: %s", got.code, got.err)
	}
	// A save ends with the manifest.
	manifests := 0
	for _, st := range p.seen() {
		if !st.change() {
			continue
		}
		st.save = manifests + 1
		if role(st.item) == "manifest" {
			manifests++
		}
		changes = append(changes, st)
	}
	if manifests != 2 || len(changes) != 4 {
		h.t.Fatalf(
			"a refresh wrote %d manifests and changed %d items, want two saves of a slot and a manifest each",
			manifests,
			len(changes),
		)
	}
	return changes
}

// TestTheEngineIsKilledWhileItsHelperWrites kills the engine at each change
// that its keychain helper makes. The helper outlives it and goes on; a
// command that comes meanwhile waits for that, instead of sending a refresh
// token that the provider has taken already. What the helper stored before the
// answer was checked is the new refresh token alone, which that command uses.
func TestTheEngineIsKilledWhileItsHelperWrites(t *testing.T) {
	h := newHeadless(t, longName)
	p := newBusProxy(h)
	changes := eachRound(t, h.changesOf(p))
	perLoad := h.readsPerLoad(p)
	for i, c := range changes {
		h.provider.reset(false)
		h.endEngines()
		h.storeExpired()
		before := h.provider.asked()
		held := p.arm(func(s step) bool { return s.what == c.what && s.nth == c.nth && !s.after })
		engine := h.run(p.address, "agent")
		h.Wait("the helper's change", func() bool { return len(held) > 0 })
		engine.Kill()
		checked, _ := h.provider.issued()
		reads := p.count("read")
		next := h.run(p.address, "token", plant4)
		h.Wait("the command's copy", func() bool { return p.count("read") >= reads+perLoad || !next.Running() })
		time.Sleep(4 * 25 * time.Millisecond) // some looks at the lock
		if n := h.provider.asked() - before; n != 1 {
			t.Errorf("change %d, %s %s: %d refreshes while the helper of a killed engine is at work", i+1, c.what, role(c.item), n-1)
		}
		p.goOn()
		code := h.Exit(next.Process)
		want, refreshes := checked, 1
		if c.save == 1 {
			want, _ = h.provider.issued()
			refreshes = 2
		}
		if code != 0 || secret(next.out.String()) != want {
			t.Errorf("change %d, %s %s: the command ended with %d, with the token of the set that was stored: %v\n%s",
				i+1, c.what, role(c.item), code, secret(next.out.String()) == want, next.Output())
		}
		if n := h.provider.asked() - before; n != refreshes {
			t.Errorf("change %d, %s %s: %d refreshes, want %d", i+1, c.what, role(c.item), n, refreshes)
		}
		if left := h.load(); left.Access != want || left.RefreshUnproven {
			t.Errorf(
				"change %d, %s %s: the keychain holds another set, or a refresh token that is not checked: %v",
				i+1,
				c.what,
				role(c.item),
				left.RefreshUnproven,
			)
		}
	}
	t.Logf("%d kills of an engine, none with a session lost", len(changes))
}

// TestTheHelperIsKilled kills the keychain helper at each change. The engine
// has the tokens in its memory, hands them out, and stores them all the same.
func TestTheHelperIsKilled(t *testing.T) {
	h := newHeadless(t, longName)
	p := newBusProxy(h)
	changes := eachRound(t, h.changesOf(p))
	for i, c := range changes {
		h.provider.reset(false)
		h.endEngines()
		h.storeExpired()
		before := h.provider.asked()
		held := p.arm(func(s step) bool { return s.what == c.what && s.nth == c.nth && !s.after })
		engine := h.run(p.address, "agent")
		h.Wait("the helper's change", func() bool { return len(held) > 0 })
		for _, pid := range children(t, engine.PID()) {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		p.drop()
		want, _ := h.provider.issued()
		if got := h.token(); got.code != 0 || secret(got.out) != want {
			t.Errorf("change %d, %s %s: the engine's token: %d %s", i+1, c.what, role(c.item), got.code, got.err)
		}
		h.Wait("the new set in the keychain", func() bool {
			left, err := h.store.Load(t.Context(), plant4)
			if err != nil {
				t.Fatalf("change %d, %s %s: %v", i+1, c.what, role(c.item), err)
			}
			return left.Access == want && !left.RefreshUnproven
		})
		if n := h.provider.asked() - before; n != 1 {
			t.Errorf("change %d, %s %s: %d refreshes, want 1", i+1, c.what, role(c.item), n)
		}
		engine.Kill()
	}
	t.Logf("%d kills of a helper, each with the new set stored and one refresh", len(changes))
}

// TestTheEngineIsKilledAtTheProvider kills the engine around its request, as
// commands are killed elsewhere.
func TestTheEngineIsKilledAtTheProvider(t *testing.T) {
	h := newHeadless(t, "ann")
	p := newBusProxy(h)
	var sum tally
	for _, c := range requests() {
		for round := range max(2, rounds(t)) {
			h.kill(p, c, round%2 == 0, &sum, "agent")
		}
	}
	t.Log(sum)
}

// children are the processes that pid has started.
func children(t *testing.T, pid int) (all []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range stats {
		b, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		f := strings.Fields(rest)
		if len(f) > 1 && f[1] == strconv.Itoa(pid) && f[0] != "Z" {
			if n, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
				all = append(all, n)
			}
		}
	}
	return all
}
