package tray_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray"
)

// many is n tools of which none is signed in.
func many(n int) []session.Snapshot {
	var snaps []session.Snapshot
	for i := range n {
		snaps = append(snaps, named(fmt.Sprintf("t%d", i), plant(session.SignedOut)))
	}
	return snaps
}

// Two hundred tools leave a menu that can be taken in: what needs a person and
// what is in use, and the way to the others.
func TestViewOfManyTools(t *testing.T) {
	tools := func(snaps []session.Snapshot) (order string, more string) {
		var ids []string
		for _, e := range tray.View(snaps, noon, tray.Options{}).Entries {
			if e.Children != nil {
				ids = append(ids, e.Tool)
			}
			if e.ID == "more" && !e.Hidden {
				more = e.Label
				if e.Action != tray.DoShow {
					t.Errorf("%q does %q", e.Label, e.Action)
				}
			}
		}
		return strings.Join(ids, " "), more
	}
	snaps := many(200)
	snaps[150] = named("ended", lasting(session.Expired, 0))
	snaps[160] = named("soon", lasting(session.Expiring, time.Minute))
	snaps[170] = named("used", lasting(session.Active, time.Hour))
	order, more := tools(snaps)
	if want := "ended soon t0 t1 t2 t3 t4 t5 t6 t7 t8 used"; order != want || more != "188 more tools…" {
		t.Errorf("%s, %q; want %s", order, more, want)
	}
	if order, more := tools(many(12)); order != "t0 t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 t11" || more != "" {
		t.Errorf("12 tools: %s, %q", order, more)
	}
	if _, more := tools(many(13)); more != "One more tool…" {
		t.Errorf("13 tools: %q", more)
	}
}

// A tool that the menu does not hold wakes nobody up.
func TestViewSleepsForWhatItDoesNotShow(t *testing.T) {
	snaps := many(13)
	for i := range snaps {
		snaps[i] = named(snaps[i].Tool, lasting(session.Expired, 0))
	}
	snaps[12] = named("hidden", lasting(session.Active, time.Hour))
	if next := tray.View(snaps, noon, tray.Options{}).Next; !next.IsZero() {
		t.Errorf("wakes after %v", next.Sub(noon))
	}
}

// Each letter chooses one entry of the menu that it is in, and stands in the
// entry's label.
func TestViewKeysAreDistinct(t *testing.T) {
	check := func(what string, entries []tray.Entry) {
		seen := map[rune]string{}
		for _, e := range entries {
			if e.Hidden || e.Separator || e.Children != nil {
				continue
			}
			key := unicode.ToLower(e.Key)
			if e.Enabled && e.Tool != "" && e.Key == 0 {
				t.Errorf("%s: %q has no key", what, e.Label)
			}
			if e.Key == 0 {
				continue
			}
			if other, ok := seen[key]; ok {
				t.Errorf("%s: %q and %q have the same key", what, other, e.Label)
			}
			if !strings.ContainsRune(e.Label, e.Key) {
				t.Errorf("%s: no %c in %q", what, e.Key, e.Label)
			}
			seen[key] = e.Label
		}
	}
	for _, state := range []session.State{
		session.SignedOut, session.SigningIn, session.Active, session.Expiring, session.Expired, session.Unavailable,
	} {
		for _, renewal := range []*session.Renewal{nil, manual, automatic, {Mode: session.Manual, AddOffline: true}} {
			for _, code := range []string{"", auth.CodeOtherAccount, "keychain_locked", "settings"} {
				s := lasting(state, time.Hour)
				s.Renewal, s.SignInURL = renewal, "https://login.example.com"
				if code != "" {
					s.Problem = &auth.Error{Kind: auth.KindSetup, Code: code, What: "w", Ref: "R1"}
				}
				m := tray.View(append(many(20), s), noon, tray.Options{})
				check("the menu", m.Entries)
				for _, e := range m.Entries {
					if e.Children != nil {
						check(fmt.Sprintf("%s, %v, %q", state, renewal, code), e.Children)
					}
				}
			}
		}
	}
}
