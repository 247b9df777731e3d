//go:build linux || freebsd || openbsd || netbsd

package tray_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth/session"
)

func TestRunActsOnClicks(t *testing.T) {
	t.Parallel()
	busy := plant(session.SigningIn)
	busy.Tool, busy.Name, busy.SignInURL = "busy_1", "Busy_1", "https://login.example.com"
	c, h, item := show(t, left47(), busy)
	h.eventually(item, `Busy__1 · signing in…
  Ca_ncel sign-in
  Copy s_ign-in address
  (_Copy token)
  _Open home page
  (Sign o_ut)
`+plant47+hostFooter)
	for _, tt := range [][2]string{
		{"ThingWorx Plant 4 · 47 min left/_Renew now", "did sign-in plant4"},
		{"ThingWorx Plant 4 · 47 min left/_Copy token", "did copy plant4"},
		{"ThingWorx Plant 4 · 47 min left/Copy as Aut_horization header", "did copy-header plant4"},
		{"ThingWorx Plant 4 · 47 min left/Copy as cur_l", "did copy-curl plant4"},
		{"ThingWorx Plant 4 · 47 min left/Copy as shell _variable", "did copy-env plant4"},
		{"ThingWorx Plant 4 · 47 min left/Show _token…", "did show-token plant4"},
		{"ThingWorx Plant 4 · 47 min left/_Open home page", "did open-home plant4"},
		{"ThingWorx Plant 4 · 47 min left/Sign o_ut", "did sign-out plant4"},
		{"Busy__1 · signing in…/Ca_ncel sign-in", "did cancel busy_1"},
		{"Busy__1 · signing in…/Copy s_ign-in address", "did copy-address busy_1"},
		{"Show _Keyfob…", "did show"},
		{"Open settings _file", "did open-settings"},
	} {
		h.click(item, h.find(item, tt[0]))
		c.expect(tt[1])
	}
	// A host that does not heed "enabled" sends this all the same.
	h.click(item, h.find(item, "Busy__1 · signing in…/Sign o_ut"))
	h.click(item, h.find(item, "_Quit"))
	c.expect("did quit")
	c.expect("ended: <nil> false")
}

// Clicks that come while the action of an earlier one runs are kept.
func TestRunLosesNoClick(t *testing.T) {
	t.Parallel()
	slow := left47()
	slow.Tool = "slow"
	c, h, item := show(t, slow)
	h.eventually(item, plant47+hostFooter)
	const clicks = 20
	id := h.find(item, "ThingWorx Plant 4 · 47 min left/_Copy token")
	for range clicks {
		h.click(item, id)
	}
	for range clicks {
		c.expect("did copy slow")
	}
}

// An action that takes long must not keep a person from quitting. It is told of
// the end, which waits for it.
func TestRunIsNotHeldUpByAnAction(t *testing.T) {
	t.Parallel()
	stuck := left47()
	stuck.Tool = "stuck"
	c, h, item := show(t, stuck)
	h.eventually(item, plant47+hostFooter)
	h.click(item, h.find(item, "ThingWorx Plant 4 · 47 min left/_Copy token"))
	c.expect("did copy stuck")
	h.click(item, h.find(item, "ThingWorx Plant 4 · 47 min left/Sign o_ut"))
	c.expect("did sign-out stuck")
	h.click(item, h.find(item, "_Quit"))
	c.expect("did quit")
	stopped := []string{c.says(), c.says()}
	slices.Sort(stopped)
	if want := []string{"stopped copy stuck", "stopped sign-out stuck"}; !slices.Equal(stopped, want) {
		t.Errorf("said %q, want %q", stopped, want)
	}
	c.expect("ended: <nil> false")
}

// Whoever runs the tray puts away after it what actions work with, so none may
// begin once it has returned, however many clicks wait.
func TestRunBeginsNoActionAfterItsEnd(t *testing.T) {
	t.Parallel()
	slow := left47()
	slow.Tool = "slow"
	c, h, item := show(t, slow)
	h.eventually(item, plant47+hostFooter)
	ids := []int32{}
	for _, label := range []string{
		"_Copy token", "Copy as Aut_horization header", "Copy as cur_l", "Copy as shell _variable", "_Open home page",
	} {
		ids = append(ids, h.find(item, "ThingWorx Plant 4 · 47 min left/"+label))
	}
	quit := h.find(item, "_Quit")
	for range 20 {
		for _, id := range ids {
			h.click(item, id)
		}
	}
	h.click(item, quit)
	for c.says() != "ended: <nil> false" {
	}
	_ = c.stdin.Close()
	for line := range c.lines {
		t.Errorf("after the end: %s", line)
	}
}

// A click that comes right after its entry came to mean something else was
// aimed at what stood there before.
func TestRunIgnoresClicksOnWhatJustChanged(t *testing.T) {
	t.Parallel()
	c, h, item := show(t, plant(session.SignedOut))
	h.eventually(item, plantSignedOut+hostFooter)
	id := h.find(item, "ThingWorx Plant 4 · signed out/_Sign in")
	c.tell(order{Stop: true}) // a busy machine must not make the click a late one
	c.tell(order{Snaps: []session.Snapshot{plant(session.SigningIn)}})
	for !strings.Contains(h.drawn(item), "Ca_ncel sign-in") {
		time.Sleep(time.Millisecond)
	}
	if err := (<-h.click(item, id).Done).Err; err != nil {
		t.Fatal(err)
	}
	h.click(item, h.find(item, "ThingWorx Plant 4 · signing in…/_Open home page"))
	c.expect("did open-home plant4")
	later := plant(session.SigningIn)
	later.Name = "Later"
	c.tell(order{Advance: time.Second, Snaps: []session.Snapshot{later}})
	for !strings.Contains(h.drawn(item), "Later") {
		time.Sleep(time.Millisecond)
	}
	h.click(item, id)
	c.expect("did cancel plant4")
}
