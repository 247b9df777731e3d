//go:build linux && cgo

package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/session"
)

// show starts the window program on a page.
func (e *engine) show(b *bed.Bed, page string, env ...string) *bed.Process {
	e.t.Helper()
	return e.showWith(b, nil, env, page)
}

// showWith is show with an input and something in its environment.
func (e *engine) showWith(b *bed.Bed, in *os.File, env []string, args ...string) *bed.Process {
	e.t.Helper()
	return e.start(b, in, env, append([]string{"show"}, args...)...)
}

// shop is what a person has who has used Keyfob for a while.
func shop() []session.Snapshot {
	now := time.Now()
	manual := func(id, name string, state session.State, begun, left time.Duration) session.Snapshot {
		return session.Snapshot{
			Tool: id, Name: name, Home: "https://" + id + ".example.com", State: state, Account: "anna@example.com", Set: "1",
			SignedInAt: now.Add(-begun), AccessUntil: now.Add(left), EndsAt: now.Add(left), Store: session.StoreKeychain,
			Renewal: &session.Renewal{Mode: session.Manual, Reason: "offline_access was not asked for", AddOffline: true},
		}
	}
	lean := manual("lean", "ioTORQ LEAN", session.Active, 26*time.Hour, 0)
	lean.EndsAt, lean.Renewal = time.Time{}, &session.Renewal{Mode: session.Automatic}
	refused := session.Snapshot{Tool: "historian", Name: "Historian API", State: session.SignedOut, Problem: &auth.Error{
		Kind: auth.KindDenied, Code: "access_denied", Who: auth.WhoAdmin,
		What: "this account is not assigned to the application", Do: "assign it under Users and groups",
		Ref: "AADSTS50105, trace 0c5a4a40-6d07-4b0f-8e7c-6d2b5d9a1e00",
	}}
	return []session.Snapshot{
		manual("plant4", "ThingWorx Plant 4", session.Active, 13*time.Minute, 47*time.Minute+30*time.Second),
		lean,
		manual("park", "ThingPark Enterprise", session.Expired, 70*time.Minute, -10*time.Minute),
		manual("quality", "Quality data, line 3", session.Expiring, 55*time.Minute, 5*time.Minute+30*time.Second),
		refused,
		{Tool: "mes", Name: "MES test system", State: session.SignedOut},
	}
}

// inBrowser is a sign-in that was begun a while ago.
func inBrowser(ago time.Duration) session.Snapshot {
	return session.Snapshot{
		Tool: "plant4", Name: "ThingWorx Plant 4", Home: "https://plant4.example.com", State: session.SigningIn,
		SignInURL: "https://login.example.com/authorize?client_id=keyfob", SignInAt: time.Now().Add(-ago),
	}
}

// modes are the ways in which pictures are taken.
var modes = []struct {
	name string
	env  []string
}{
	{"light", []string{"FYNE_THEME=light", "FYNE_SCALE=1"}},
	{"dark", []string{"FYNE_THEME=dark", "FYNE_SCALE=1"}},
	{"light-2x", []string{"FYNE_THEME=light", "FYNE_SCALE=2"}},
	{"dark-2x", []string{"FYNE_THEME=dark", "FYNE_SCALE=2"}},
}

// allPictures asks for the pictures in every mode.
const allPictures = "KEYFOB_TEST_PICTURES"

// TestToolsPictures keeps pictures of the page for people to look at.
func TestToolsPictures(t *testing.T) {
	b := screen(t)
	many := make([]session.Snapshot, 200)
	for i := range many {
		many[i] = shop()[i%6]
		many[i].Tool, many[i].Name = fmt.Sprint("tool", i), fmt.Sprintf("%s %d", many[i].Name, i)
	}
	for i, mode := range modes {
		if i > 0 && os.Getenv(allPictures) == "" {
			continue
		}
		for _, c := range []struct {
			name  string
			page  string
			snaps []session.Snapshot
			keys  []string
		}{
			{"tools", "tools", shop(), nil},
			{"tools-problem", "tools", shop(), []string{"End", "Up"}},
			{"tools-active", "tools", shop(), []string{"Down", "Down", "ctrl+c"}},
			{"tools-copy-as", "tools", shop(), []string{"Down", "Tab", "Tab", "Tab", "Return"}},
			{"tools-many", "tools", many, []string{"l", "i", "n", "e", "Down"}},
			{"tools-empty", "tools", nil, nil},
			{"tools-signing-in", "tools", []session.Snapshot{inBrowser(3 * time.Second)}, nil},
			{"waiting", "waiting/plant4", []session.Snapshot{inBrowser(8 * time.Second)}, nil},
			{"waiting-long", "waiting/plant4", []session.Snapshot{inBrowser(75 * time.Second)}, nil},
			{
				"waiting-help", "waiting/plant4",
				[]session.Snapshot{inBrowser(75 * time.Second)},
				[]string{"Tab", "Tab", "Tab", "Tab", "Return"},
			},
			{"waiting-failed", "waiting/historian", shop(), nil},
		} {
			e := startEngine(t, c.snaps...)
			p := e.show(b, c.page, mode.env...)
			w := b.WaitWindow("Keyfob.*")
			b.WaitDrawn(w)
			if c.keys != nil {
				b.Key(w, c.keys...)
			}
			picture(b, c.name+"-"+mode.name+".png")
			p.Kill()
			b.WaitNoWindow("Keyfob.*")
		}
	}
}

// TestToolsByKeyboard opens the window, moves, copies, signs in and closes it,
// without a mouse. The sign-in goes on behind the closed window, and the
// program ends with it.
func TestToolsByKeyboard(t *testing.T) {
	b, e := screen(t), startEngine(t, shop()...)
	p := e.show(b, "tools")
	w := b.WaitWindow("Keyfob")
	b.WaitDrawn(w)
	b.Key(w, "Down", "Down", "ctrl+c") // what is left for a while
	e.waitAsked(b, "copy plant4")
	b.Key(w, "Tab", "Tab", "Tab", "Return") // Copy as…
	b.Key(w, "Down", "Return")
	e.waitAsked(b, "copy plant4", "copy curl plant4")
	b.Key(w, "shift+Tab", "shift+Tab", "shift+Tab", "Home", "Return")
	e.waitAsked(b, "copy plant4", "copy curl plant4", "login park")
	snaps := shop()
	snaps[2].State = session.SigningIn
	e.set(snaps...)
	b.Key(w, "Escape")
	b.WaitNoWindow("Keyfob")
	e.signedIn()
	wantExit(t, b, p, 0)
	if out := p.Output(); out != inOrder {
		t.Errorf("printed:\n%s", out)
	}
}

// TestAClosedWindowComesBack is asked for a page while it lives on for the
// sake of a sign-in.
func TestAClosedWindowComesBack(t *testing.T) {
	b, e := screen(t), startEngine(t, shop()...)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = read.Close(); _ = write.Close() }()
	p := e.showWith(b, read, nil, "tools")
	w := b.WaitWindow("Keyfob")
	b.Key(w, "Return")
	e.waitAsked(b, "login park")
	b.Key(w, "Escape")
	b.WaitNoWindow("Keyfob")
	if _, err := write.WriteString("tools\n"); err != nil {
		t.Fatal(err)
	}
	w = b.WaitWindow("Keyfob")
	e.signedIn()
	b.Key(w, "End") // it lives on for the person's sake
	b.Key(w, "Escape")
	wantExit(t, b, p, 0)
}

// TestTheWaitEndsByItself shows the page of a sign-in that was begun
// elsewhere, without taking the keyboard, and goes away when it is done.
func TestTheWaitEndsByItself(t *testing.T) {
	work, other := inBrowser(2*time.Second), shop()[2]
	b, e := screen(t), startEngine(t, work)
	mine := startEngine(t, other)
	mine.prompt(b, other.Tool)
	first := b.WaitWindow("Keyfob")
	b.Key(first, "shift")
	p := e.showWith(b, nil, nil, "--quiet", "waiting/plant4")
	b.WaitDrawn(b.WaitWindow("Keyfob: Sign-in"))
	wantKeyboard(t, b, first)
	b.PressUntil(first, "the end of the first window", func() bool { return mine.count() > 0 }, "Escape")
	mine.waitAsked(b, "later "+other.Tool)
	e.waitAsked(b)
	done := work
	done.State, done.Set = session.Active, "2"
	e.set(done)
	wantExit(t, b, p, 0)
	if out := p.Output(); out != inOrder {
		t.Errorf("printed:\n%s", out)
	}
}
