//go:build linux || freebsd || openbsd || netbsd

package tray_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/assets"
	"keyfob/auth/authtest"
	"keyfob/auth/session"
	"keyfob/tray/internal/bustest"
)

const plantSignedOut = `ThingWorx Plant 4 · signed out
  _Sign in
  (_Copy token)
  _Open home page
  (Sign o_ut)
`

const plant47 = `ThingWorx Plant 4 · 47 min left
  (Not renewed by itself: offline__access was not asked for, so the provider gave no refresh token)
  _Renew now
  _Copy token
  Copy as Aut_horization header
  Copy as cur_l
  Copy as shell _variable
  Show _token…
  _Open home page
  Sign o_ut
`

const hostFooter = `--
Show _Keyfob…
Open settings _file
_Quit
`

// left47 is halfway between two changes of its label.
func left47() session.Snapshot { return lasting(session.Active, 47*time.Minute+30*time.Second) }

// show starts a bus, a host that watches and a tray on it.
func show(t *testing.T, first ...session.Snapshot) (*child, *host, string) {
	t.Helper()
	bus := bustest.Start(t)
	h := newHost(t, bus)
	h.watch()
	c := startChild(t, bus.Address, first)
	return c, h, h.item()
}

func TestRunShowsIconAndMenu(t *testing.T) {
	t.Parallel()
	_, h, item := show(t, left47())
	h.eventually(item, plant47+hostFooter)
	for name, want := range map[string]string{"Id": "Keyfob", "Title": "Keyfob", "Status": "Active"} {
		var got string
		if h.property(item, name, &got); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	var tip struct {
		Icon  string
		Pix   []pixmap
		Title string
		Text  string
	}
	if h.property(item, "ToolTip", &tip); tip.Title != "Keyfob: signed in · ThingWorx Plant 4 ends at 12:47" {
		t.Errorf("tooltip %q", tip.Title)
	}
	if !bytes.Equal(h.icon(item), argb(t, assets.IconWell)) {
		t.Error("the icon on the bus is not the drawing")
	}
}

// A label that a letter chooses has no underscore of its own: hosts differ in
// how they read both in one.
func TestRunMixesNoUnderscores(t *testing.T) {
	t.Parallel()
	s := left47()
	s.Name = "Plant_4"
	s.Renewal = &session.Renewal{Mode: session.Manual, Reason: "offline_access was not asked for", AddOffline: true}
	_, h, item := show(t, s)
	h.eventually(item, `Plant__4 · 47 min left
  (Not renewed by itself: offline__access was not asked for)
  _Renew now
  Add offline__access and sign in again
  _Copy token
  Copy as Aut_horization header
  Copy as cur_l
  Copy as shell _variable
  Show _token…
  _Open home page
  Sign o_ut
`+hostFooter)
}

// GNOME takes one underscore out of a label, and no more.
func TestRunWritesForGNOME(t *testing.T) {
	t.Parallel()
	bus := bustest.Start(t)
	h := newHost(t, bus)
	h.watch()
	if _, err := h.conn.RequestName("org.gnome.Shell", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	s := plant(session.SignedOut)
	s.Name = "plant_4_test"
	startChild(t, bus.Address, []session.Snapshot{s})
	h.eventually(h.item(), `plant__4_test · signed out
  Sign in
  (Copy token)
  Open home page
  (Sign out)
--
Show Keyfob…
Open settings file
Quit
`)
}

// With 100 tools, one label that changes is all that is sent.
func TestRunSendsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	var snaps []session.Snapshot
	for i := range 100 {
		s := left47()
		s.Tool, s.Name = fmt.Sprintf("tool%d", i), fmt.Sprintf("Tool %d", i)
		snaps = append(snaps, s)
	}
	c, h, item := show(t, snaps...)
	h.settle(item)
	count := h.listen(item)
	id := h.find(item, "Tool 5 · 47 min left")
	snaps[5].EndsAt = snaps[5].EndsAt.Add(2 * time.Minute)
	c.tell(order{Snaps: snaps})
	c.tell(order{Snaps: snaps})
	for strings.Contains(h.drawn(item), "Tool 5 · 47") {
		time.Sleep(10 * time.Millisecond)
	}
	got := count()
	if len(got.updated) != 1 || got.updated[id] != 1 || got.signals["LayoutUpdated"] != 1 || len(got.signals) != 3 {
		t.Errorf("sent %v, want one update of entry %d", got, id)
	}
	if got.bytes > 16<<10 {
		t.Errorf("%d bytes of signals", got.bytes)
	}
	t.Logf("one label of 100 tools: %d bytes in %v", got.bytes, got.signals)
}

func TestRunTellsTheTimeByItself(t *testing.T) {
	t.Parallel()
	c, h, item := show(t, lasting(session.Active, 47*time.Minute+30*time.Second))
	h.eventually(item, plant47+hostFooter)
	count := h.listen(item)
	soon := lasting(session.Active, 47*time.Minute+40*time.Second)
	c.tell(order{Snaps: []session.Snapshot{soon}, Advance: 39 * time.Second})
	h.eventually(item, strings.ReplaceAll(plant47, "47 min", "46 min")+hostFooter)
	if got := count(); len(got.updated) != 1 {
		t.Errorf("sent %v, want one entry", got)
	}
}

func TestRunFollowsStates(t *testing.T) {
	t.Parallel()
	c, h, item := show(t, plant(session.SignedOut))
	h.eventually(item, plantSignedOut+hostFooter)
	busy := plant(session.SigningIn)
	busy.SignInURL = "https://login.example.com"
	c.tell(order{Snaps: []session.Snapshot{busy}})
	h.eventually(item, `ThingWorx Plant 4 · signing in…
  Ca_ncel sign-in
  Copy s_ign-in address
  (_Copy token)
  _Open home page
  (Sign o_ut)
`+hostFooter)
	if !bytes.Equal(h.icon(item), argb(t, assets.IconWorking)) {
		t.Error("the icon does not say that a sign-in is under way")
	}
	memory := left47()
	memory.Store = session.StoreMemory
	c.tell(order{Snaps: []session.Snapshot{memory}})
	h.eventually(item, plant47+`--
(Tokens are kept in memory only: no keychain)
Show _Keyfob…
Open settings _file
_Quit
`)
	c.tell(order{Snaps: []session.Snapshot{plant(session.SignedOut)}})
	h.eventually(item, plantSignedOut+hostFooter)
	if !bytes.Equal(h.icon(item), argb(t, assets.IconOut)) {
		t.Error("the icon does not say that nobody is signed in")
	}
}

func TestRunTakesToolsInAndOut(t *testing.T) {
	t.Parallel()
	c, h, item := show(t)
	h.eventually(item, "No tools yet: _add one…\n"+hostFooter)
	for _, n := range []int{1, 3, 30, 2, 200, 0} {
		want := strings.Builder{}
		snaps := []session.Snapshot{}
		for i := range n {
			s := plant(session.SignedOut)
			s.Tool, s.Name = fmt.Sprintf("t%d", i), fmt.Sprintf("Tool_%d", i)
			snaps = append(snaps, s)
			if i < 12 {
				want.WriteString(strings.Replace(plantSignedOut, "ThingWorx Plant 4", fmt.Sprintf("Tool__%d", i), 1))
			}
		}
		if n > 12 {
			fmt.Fprintf(&want, "%d _more tools…\n", n-12)
		}
		if n == 0 {
			want.WriteString("No tools yet: _add one…\n")
		}
		c.tell(order{Snaps: snaps})
		h.eventually(item, want.String()+hostFooter)
	}
}

// Once a panel has told that it opens the menu, the minutes are counted then
// and at no other time.
func TestRunCountsTheMinutesWhenTheMenuOpens(t *testing.T) {
	authtest.NotShort(t, "it waits until a minute is over")
	t.Parallel()
	first := lasting(session.Active, 47*time.Minute+30*time.Second)
	c, h, item := show(t, first)
	h.eventually(item, plant47+hostFooter)
	h.opens(item)
	// A minute is over within two seconds.
	first.Name = "Plant"
	c.tell(order{Snaps: []session.Snapshot{first}, Advance: 28 * time.Second})
	label := func() string {
		line, _, _ := strings.Cut(h.drawn(item), "\n")
		return line
	}
	for !strings.HasPrefix(label(), "Plant") {
		time.Sleep(10 * time.Millisecond)
	}
	before := label()
	time.Sleep(2500 * time.Millisecond)
	if after := label(); after != before {
		t.Errorf("in a closed menu %q became %q", before, after)
	}
	h.opens(item)
	for label() != "Plant · 46 min left" {
		time.Sleep(10 * time.Millisecond)
	}
}

func TestRunWithoutABus(t *testing.T) {
	t.Parallel()
	c := startChild(t, "unix:path=/nonexistent/bus", nil)
	c.expect("ended: there is no desktop session bus to show a tray icon on: start keyfob in a desktop session, or use `keyfob agent` true")
}

func TestRunWithABusThatHangs(t *testing.T) {
	t.Parallel()
	bus := bustest.Start(t)
	bus.Stop(t)
	c := startChild(t, bus.Address, nil, childVar+"=impatient")
	c.expect("ended: there is no desktop session bus to show a tray icon on: start keyfob in a desktop session, or use `keyfob agent` true")
}

func TestRunLosesItsBus(t *testing.T) {
	t.Parallel()
	bus := bustest.Start(t)
	h := newHost(t, bus)
	h.watch()
	c := startChild(t, bus.Address, []session.Snapshot{plant(session.SignedOut)})
	h.eventually(h.item(), plantSignedOut+hostFooter)
	bus.Kill()
	c.expect("ended: the desktop's session bus went away: start keyfob again in a desktop session false")
}
