//go:build linux

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
)

// rounds is how often a process is killed at each point: once, which
// `make test` does, or as often as KEYFOB_CRASH_ROUNDS says. Fifty times:
//
//	KEYFOB_CRASH_ROUNDS=50 go test ./app/e2e -run Killed -timeout 3h
func rounds(t *testing.T) int {
	t.Helper()
	wanted := os.Getenv("KEYFOB_CRASH_ROUNDS")
	if wanted == "" {
		return 1
	}
	n, err := strconv.Atoi(wanted)
	if err != nil || n < 1 {
		t.Fatalf("KEYFOB_CRASH_ROUNDS is %q, want a number from 1", wanted)
	}
	return n
}

// longName is of a person whose tokens take three chunks in the keychain.
var longName = strings.Repeat("ann", 250)

// tally is what a sweep has seen.
type tally struct {
	kills, old, refresh, fresh, corrupt, lost, unexplained int
}

func (t tally) String() string {
	return fmt.Sprintf(
		"%d kills: %d old sets, %d with the new refresh token, %d new sets, %d corrupt; %d sessions lost with an answer that nobody "+
			"got, %d lost without need",
		t.kills,
		t.old,
		t.refresh,
		t.fresh,
		t.corrupt,
		t.lost,
		t.unexplained,
	)
}

// TestKilledAtEveryPointOfARefresh kills a command and the engine that it started
// at each point of a refresh: the keychain then holds the old set, the same with the new refresh token, or
// the new set, whole, and the next command goes on with what is there, or tries
// the old refresh token once and says that a person has to sign in.
func TestKilledAtEveryPointOfARefresh(t *testing.T) {
	h := newHeadless(t, longName)
	p := newBusProxy(h)
	var sum tally
	points := keychainPoints(h, p)
	points = append(points[:2:2], append(requests(), points[2:]...)...)
	for _, c := range points {
		n := rounds(t)
		if c.spent && c.holds == oldSet {
			n = max(n, 2) // with a period of grace, and without
		}
		for round := range n {
			h.kill(p, c, round%2 == 0, &sum)
			if t.Failed() {
				t.Fatalf("at %q, round %d", c.name, round)
			}
		}
	}
	if len(points) < 16 || sum.old == 0 || sum.refresh == 0 || sum.fresh == 0 {
		t.Errorf("%d points do not show each thing that can be left", len(points))
	}
	t.Logf("%d points, %d rounds: %s", len(points), rounds(t), sum)
}

// TestKilledAtAnyMoment kills a command and its engine some time after the provider has
// answered, wherever it is by then. The times are spread evenly.
func TestKilledAtAnyMoment(t *testing.T) {
	h := newHeadless(t, longName)
	p := newBusProxy(h)
	var sum tally
	n := max(5, rounds(t))
	for round := range n {
		h.kill(p, crash{name: "any moment", arm: func(h *headless, p *busProxy) <-chan step {
			g, told := newGate(), make(chan step)
			h.provider.hold(nil, g)
			go func() {
				<-g.reached
				close(g.open)
				time.Sleep(150 * time.Millisecond * time.Duration(round) / time.Duration(n))
				close(told)
			}()
			return told
		}, spent: true, holds: anySet}, true, &sum)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	t.Log(sum)
}

// kill kills a command, which is `keyfob token` if none is named, and the engine
// that it started, at a point, and looks at what is left. grace says whether the provider takes a refresh
// token that it has spent once more.
func (h *headless) kill(p *busProxy, c crash, grace bool, sum *tally, command ...string) {
	t := h.t
	t.Helper()
	exact := c.holds != anySet
	h.endEngines()
	h.provider.reset(grace)
	old := h.storeExpired()
	// Nobody leaves more behind than the manifest and both slots.
	if n := h.Secrets(); n > 3 {
		t.Errorf("%s: %d items are in the keychain", c.name, n)
	}
	p.arm(nil)
	reached := c.arm(h, p)
	before := h.provider.asked()
	if len(command) == 0 {
		command = []string{"token", plant4}
	}
	victim := h.run(p.address, command...)
	h.Wait("the point "+c.name, func() bool {
		select {
		case <-reached:
			return true
		default:
			ended := !victim.Running()
			if exact && ended {
				t.Fatalf("%s: it ended first: %s", c.name, victim.Output())
			}
			return ended // which is a moment like any other
		}
	})
	victim.Kill() // first, for it would start another engine
	h.endEngines()
	p.drop()
	h.holdLock()() // its helper comes to the end of what it has begun, and keeps the lock until then
	_, fresh := h.provider.issued()
	freshAccess, _ := h.provider.issued()
	h.provider.reset(grace)
	sum.kills++
	if asked := h.provider.asked() - before; exact && (asked > 0) != (c.spent || c.name == "request sent") {
		t.Errorf("%s: %d requests to the provider by then", c.name, asked)
	}

	// What is left is whole.
	left, err := h.store.Load(t.Context(), plant4)
	var holds holding
	switch {
	case err != nil:
		sum.corrupt++
		t.Errorf("%s: the keychain: %v", c.name, err)
		return
	case same(left, old):
		sum.old++
		holds = oldSet
	case same(left, withRefresh(old, fresh)) && left.RefreshUnproven:
		sum.refresh++
		holds = newRefresh
	case left.Refresh == fresh && left.Access == freshAccess && left.Account == old.Account && left.Set == old.Set:
		sum.fresh++
		holds = newSet
	default:
		sum.corrupt++
		t.Errorf("%s: the keychain holds a mixture", c.name)
		return
	}
	if exact && holds != c.holds {
		t.Errorf("%s: the keychain holds %s, want %s", c.name, holds, c.holds)
	}

	// The next process goes on.
	before = h.provider.asked()
	got := h.token()
	asked := h.provider.asked() - before
	newest, _ := h.provider.issued()
	switch {
	case holds == newSet:
		if got.code != 0 || secret(got.out) != freshAccess || asked != 0 {
			sum.unexplained++
			t.Errorf("%s: with the new set stored, the next command ended with %d after %d requests: %s", c.name, got.code, asked, got.err)
		}
	case holds == newRefresh:
		// What came with it was not checked, and nobody gets it.
		if got.code != 0 || secret(got.out) == old.Access || secret(got.out) == freshAccess || secret(got.out) != newest || asked != 1 {
			sum.unexplained++
			t.Errorf(
				"%s: with the new refresh token, the next command ended with %d after %d requests: %s",
				c.name,
				got.code,
				asked,
				got.err,
			)
		}
	case !c.spent || grace:
		if got.code != 0 || secret(got.out) == old.Access || secret(got.out) != newest && secret(got.out) != freshAccess || asked != 1 {
			sum.unexplained++
			t.Errorf("%s: with the old set, the next command ended with %d after %d requests: %s", c.name, got.code, asked, got.err)
		}
	default:
		sum.lost++
		if got.code != 3 || got.out != "" || asked != 1 || !strings.Contains(got.err, "cut off before its answer was stored") {
			t.Errorf("%s: without the answer, the next command ended with %d after %d requests: %s", c.name, got.code, asked, got.err)
		}
		before = h.provider.asked()
		h.endEngines()
		if again := h.token(); again.code != 3 || h.provider.asked() != before || again.err != got.err {
			t.Errorf(
				"%s: the command after that ended with %d after %d requests: %s",
				c.name,
				again.code,
				h.provider.asked()-before,
				again.err,
			)
		}
		return
	}
	if note, err := filepath.Glob(filepath.Join(filepath.Dir(h.lockFile()), "*.sent")); err != nil || holds == oldSet && len(note) != 0 {
		t.Errorf("%s: the note stays: %v, %v", c.name, note, err)
	}
}

// withRefresh is a set with another refresh token.
func withRefresh(t auth.Tokens, refresh auth.Secret) auth.Tokens {
	t.Refresh = refresh
	return t
}

// same reports whether two sets hold the same tokens.
func same(a, b auth.Tokens) bool {
	return a.Access == b.Access && a.Refresh == b.Refresh && a.ID == b.ID && a.Account == b.Account && a.Set == b.Set &&
		a.Expiry.Equal(b.Expiry)
}
