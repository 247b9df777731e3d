package tray_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray"
)

func named(id string, s session.Snapshot) session.Snapshot {
	s.Tool, s.Name = id, id
	return s
}

func TestViewPutsFirstWhatNeedsAPerson(t *testing.T) {
	locked := named("locked", plant(session.Unavailable))
	locked.Problem = &auth.Error{Kind: auth.KindKeychain, Code: "keychain_locked", What: "locked"}
	broken := named("broken", plant(session.SignedOut))
	broken.Problem = &auth.Error{Kind: auth.KindSetup, Code: auth.CodeSettings, What: "bad"}
	snaps := []session.Snapshot{
		named("out", plant(session.SignedOut)),
		broken,
		named("active", lasting(session.Active, time.Hour)),
		named("soon", lasting(session.Expiring, time.Minute)),
		named("ended", lasting(session.Expired, 0)),
		locked,
		named("busy", plant(session.SigningIn)),
		named("reading", plant(session.Unavailable)),
	}
	before := slices.Clone(snaps)
	var order []string
	for _, e := range tray.View(snaps, noon, tray.Options{}).Entries {
		if e.Children == nil {
			break
		}
		order = append(order, e.Tool)
	}
	if got, want := strings.Join(order, " "), "ended locked busy soon broken out active reading"; got != want {
		t.Errorf("order %s, want %s", got, want)
	}
	for i := range snaps {
		if snaps[i].Tool != before[i].Tool {
			t.Fatal("View changed its argument")
		}
	}
}

func TestViewSummary(t *testing.T) {
	out, active := plant(session.SignedOut), lasting(session.Active, time.Hour)
	soon, ended, busy := lasting(session.Expiring, time.Minute), lasting(session.Expired, 0), plant(session.SigningIn)
	failed := plant(session.SignedOut)
	failed.Problem = &auth.Error{Kind: auth.KindTransient, What: "down"}
	renewing := lasting(session.Active, 30*time.Minute)
	renewing.Renewal = automatic
	late := plant(session.SignedOut)
	late.Problem = &auth.Error{Kind: auth.KindCanceled, Code: "timeout", What: "late"}
	tests := []struct {
		snaps []session.Snapshot
		icon  assets.Icon
		want  string
	}{
		{[]session.Snapshot{out, out}, assets.IconOut, "Keyfob: not signed in"},
		{[]session.Snapshot{out, late}, assets.IconOut, "Keyfob: not signed in"},
		{[]session.Snapshot{active, out, active}, assets.IconWell, "Keyfob: signed in to 2 of 3 · ThingWorx Plant 4 ends at 13:00"},
		{[]session.Snapshot{active, active}, assets.IconWell, "Keyfob: signed in · ThingWorx Plant 4 ends at 13:00"},
		{[]session.Snapshot{renewing, active}, assets.IconWell, "Keyfob: signed in · ThingWorx Plant 4 ends at 13:00"},
		{[]session.Snapshot{renewing}, assets.IconWell, "Keyfob: signed in"},
		{
			[]session.Snapshot{lasting(session.Active, 20*time.Hour)},
			assets.IconWell,
			"Keyfob: signed in · ThingWorx Plant 4 ends on 5 Mar at 08:00",
		},
		{[]session.Snapshot{lasting(session.Expiring, 0)}, assets.IconSoon, "Keyfob: ThingWorx Plant 4 ends now"},
		{[]session.Snapshot{active, failed}, assets.IconProblem, "Keyfob: ThingWorx Plant 4 · provider unreachable"},
		{[]session.Snapshot{failed, failed}, assets.IconProblem, "Keyfob: 2 tools have a problem"},
		{[]session.Snapshot{soon, failed}, assets.IconSoon, "Keyfob: ThingWorx Plant 4 ends at 12:01"},
		{[]session.Snapshot{soon, soon}, assets.IconSoon, "Keyfob: 2 sign-ins end soon · ThingWorx Plant 4 ends at 12:01"},
		{[]session.Snapshot{soon, busy}, assets.IconWorking, "Keyfob: signing in to ThingWorx Plant 4…"},
		{[]session.Snapshot{busy, busy}, assets.IconWorking, "Keyfob: signing in to 2 tools…"},
		{[]session.Snapshot{busy, ended}, assets.IconNeeds, "Keyfob: sign in again to ThingWorx Plant 4"},
		{[]session.Snapshot{ended, ended}, assets.IconNeeds, "Keyfob: 2 tools need you"},
	}
	for _, tt := range tests {
		m := tray.View(tt.snaps, noon, tray.Options{})
		if m.Icon != tt.icon || m.Tooltip != tt.want {
			t.Errorf("%s %q, want %s %q", m.Icon, m.Tooltip, tt.icon, tt.want)
		}
	}
}

// IDs name entries for good, and the lines under a tool never change places.
func TestViewKeepsShapeAndIDs(t *testing.T) {
	const want = "about sign-in copy-address copy-details offline switch copy copy-header copy-curl copy-env show-token open-home sign-out"
	for _, s := range []session.Snapshot{
		plant(session.SignedOut), plant(session.SigningIn), plant(session.Unavailable),
		lasting(session.Active, time.Hour), lasting(session.Expiring, time.Minute), lasting(session.Expired, 0),
	} {
		e := tray.View([]session.Snapshot{s}, noon, tray.Options{}).Entries[0]
		if e.ID != "tool/plant4" {
			t.Errorf("%s: ID %s", s.State, e.ID)
		}
		var ids []string
		for _, c := range e.Children {
			id, ok := strings.CutPrefix(c.ID, "tool/plant4/")
			if !ok {
				t.Errorf("%s: ID %s", s.State, c.ID)
			}
			if s.State == session.SigningIn && id == "cancel" {
				id = "sign-in"
			}
			ids = append(ids, id)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %s, want %s", s.State, got, want)
		}
	}
}

// At Next the most urgent label changes, and not before.
func TestViewNextIsWhenTheLabelChanges(t *testing.T) {
	label := func(s session.Snapshot, at time.Time) string {
		return tray.View([]session.Snapshot{s}, at, tray.Options{}).Entries[0].Label
	}
	for _, left := range []time.Duration{
		time.Minute, time.Minute + time.Nanosecond, 90 * time.Second, 59*time.Minute + 59*time.Second, time.Hour,
		2*time.Hour + 5*time.Minute + 30*time.Second, 47*time.Hour + 59*time.Minute, 48 * time.Hour, 49 * time.Hour,
		30*24*time.Hour + time.Second,
	} {
		s := lasting(session.Active, left)
		next := tray.View([]session.Snapshot{s}, noon, tray.Options{}).Next
		if next.IsZero() {
			t.Errorf("%v left: never told anew", left)
			continue
		}
		if was, just := label(s, noon), label(s, next.Add(-time.Nanosecond)); was != just {
			t.Errorf("%v left: %q became %q before Next", left, was, just)
		}
		if was, is := label(s, noon), label(s, next); was == is {
			t.Errorf("%v left: still %q at Next, %v on", left, is, next.Sub(noon))
		}
	}
}

func TestViewSleepsWhenNothingCountsDown(t *testing.T) {
	renewing := lasting(session.Active, time.Hour)
	renewing.Renewal = automatic
	for _, s := range []session.Snapshot{
		plant(session.SignedOut), plant(session.SigningIn), plant(session.Unavailable),
		lasting(session.Expired, -time.Hour), renewing, lasting(session.Expiring, 59*time.Second),
	} {
		if next := tray.View([]session.Snapshot{s}, noon, tray.Options{}).Next; !next.IsZero() {
			t.Errorf("%s: wakes after %v", s.State, next.Sub(noon))
		}
	}
}

// Twenty tools that end at different seconds still cost one wake a minute.
func TestViewWakesOnceAMinuteForAnyNumberOfTools(t *testing.T) {
	var snaps []session.Snapshot
	for i := range 20 {
		snaps = append(snaps, lasting(session.Active, time.Hour+time.Duration(i)*3*time.Second))
	}
	wakes := 0
	for now := noon; now.Before(noon.Add(10 * time.Minute)); wakes++ {
		now = tray.View(snaps, now, tray.Options{}).Next
	}
	if wakes > 11 {
		t.Errorf("%d wakes in 10 minutes", wakes)
	}
}
