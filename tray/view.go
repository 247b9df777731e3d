package tray

import (
	"slices"
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
)

// View decides what the tray shows for the sessions at now. It is pure.
func View(snaps []session.Snapshot, now time.Time, o Options) Menu {
	snaps = slices.Clone(snaps)
	slices.SortStableFunc(snaps, func(a, b session.Snapshot) int { return urgency(a) - urgency(b) })

	m := Menu{Title: "Keyfob", Next: next(snaps, now)}
	m.Icon, m.Tooltip = summary(snaps, o)
	m.Entries = note(len(snaps) == 0, o)
	memory := ""
	for _, s := range snaps {
		m.Entries = append(m.Entries, toolEntry(s, now))
		if s.Store == session.StoreMemory && memory == "" {
			memory = whyMemory(s)
		}
	}
	m.Entries = append(
		m.Entries,
		Entry{ID: "separator", Separator: true},
		Entry{ID: "memory", Label: "Tokens are kept in memory only: " + memory, Hidden: memory == ""},
		Entry{ID: "settings", Label: "Open settings file", Enabled: true, Action: DoOpenSettings},
		Entry{ID: "quit", Label: "Quit", Enabled: true, Action: DoQuit},
	)
	return m
}

// whyMemory is what keeps a session's tokens out of the keychain.
func whyMemory(s session.Snapshot) string {
	if p := s.Problem; p != nil && p.Kind == auth.KindKeychain {
		return few(p)
	}
	return "no keychain"
}

// locked reports whether a person has to unlock the keychain for s.
func locked(s session.Snapshot) bool {
	if s.State != session.Unavailable || s.Problem == nil {
		return false
	}
	switch s.Problem.Code {
	case "keychain_locked", "keychain_refused", "keychain_waiting":
		return true
	}
	return false
}

// note is the line above the tools: it stands in for them where there are
// none, and says what is wrong with the settings as a whole.
func note(empty bool, o Options) []Entry {
	file := o.SettingsFile
	if file == "" {
		file = "keyfob.toml"
	}
	switch {
	case o.Problem != nil:
		return []Entry{{ID: "problem", Label: sentence(o.Problem), Enabled: true, Action: DoOpenSettings}}
	case empty:
		return []Entry{{ID: "none", Label: "No tools yet: edit " + file, Enabled: true, Action: DoOpenSettings}}
	}
	return nil
}

// urgency sorts the tools: those that need a person come first. A sign-in
// under way stays among them, so that its Cancel is where it was begun.
func urgency(s session.Snapshot) int {
	switch {
	case s.State == session.Expired, s.State == session.SigningIn, s.State == session.Unavailable && s.Problem != nil:
		return 0
	case s.State == session.Expiring:
		return 1
	case badSettings(s):
		return 2
	}
	return 3
}

// badSettings reports a tool that can do nothing until its settings are mended.
func badSettings(s session.Snapshot) bool {
	return s.State == session.SignedOut && s.Problem != nil && isSettings(s.Problem)
}

// toolEntry is a tool's line and what can be done about it.
func toolEntry(s session.Snapshot, now time.Time) Entry {
	base := "tool/" + s.Tool
	e := Entry{ID: base, Label: name(s) + " · " + words(s, now), Enabled: true, Tool: s.Tool}
	child := func(a Action, label string, enabled bool) Entry {
		return Entry{ID: base + "/" + string(a), Label: label, Enabled: enabled, Action: a, Tool: s.Tool}
	}
	about := Entry{ID: base + "/about", Label: about(s), Tool: s.Tool}
	about.Hidden = about.Label == ""
	address := child(DoCopyAddress, "Copy sign-in address", s.SignInURL != "")
	address.Hidden = s.State != session.SigningIn
	details := child(DoCopyDetails, "Copy details for your administrator", true)
	details.Hidden = few(s.Problem) == "" || s.Problem.Note() == ""
	offline := child(DoOffline, "Add offline_access and sign in again", true)
	offline.Hidden = s.State == session.SigningIn || s.Renewal == nil || !s.Renewal.AddOffline
	other := child(DoSwitch, "Sign in as another account", true)
	other.Hidden = s.State == session.SigningIn || s.Problem == nil || s.Problem.Code != session.CodeOtherAccount
	first := child(DoSignIn, signInLabel(s), canSignIn(s))
	if s.State == session.SigningIn {
		first = child(DoCancel, "Cancel sign-in", true)
	}
	e.Children = []Entry{
		about,
		first,
		address,
		details,
		offline,
		other,
		child(DoCopy, "Copy token", canCopy(s, now)),
		child(DoOpenHome, "Open home page", s.Home != ""),
		child(DoSignOut, "Sign out", canSignOut(s)),
	}
	if badSettings(s) {
		e.Children[1] = child(DoOpenSettings, "Open settings file", true)
		for i := range e.Children[2:] {
			e.Children[2+i].Hidden = true
		}
	}
	return e
}

func signInLabel(s session.Snapshot) string {
	renewing := s.Renewal != nil && s.Renewal.Mode == session.Automatic
	switch {
	case s.Service: // nobody signs in to it
		return "Get a token"
	case s.State == session.Expired, s.State == session.Active && renewing:
		return "Sign in again"
	case s.State == session.Active, s.State == session.Expiring:
		return "Renew now"
	}
	return "Sign in"
}

func canSignIn(s session.Snapshot) bool {
	if s.State != session.Unavailable {
		return true
	}
	// What a newer Keyfob stored must not be replaced by this one.
	return s.Problem != nil && s.Problem.Code != "keychain_newer"
}

func canCopy(s session.Snapshot, now time.Time) bool {
	switch s.State {
	case session.Active, session.Expiring:
		return true
	case session.SigningIn:
		return s.AccessUntil.After(now)
	case session.SignedOut:
		return s.Service && !badSettings(s) // asking for a token is enough
	}
	return false
}

func canSignOut(s session.Snapshot) bool {
	switch s.State {
	case session.Active, session.Expiring, session.Expired:
		return true
	case session.Unavailable:
		// Signing out is how a person throws a damaged entry away.
		return s.Problem != nil && s.Problem.Kind == auth.KindDamaged
	}
	return false
}

// next is when a label changes by time alone: the next minute of the session
// that ends first. The others are told anew on the same occasion, so that any
// number of tools costs one wake a minute.
func next(snaps []session.Snapshot, now time.Time) time.Time {
	var first time.Time
	for _, s := range snaps {
		if countsDown(s) && s.EndsAt.After(now) && (first.IsZero() || s.EndsAt.Before(first)) {
			first = s.EndsAt
		}
	}
	if first.IsZero() {
		return first
	}
	const day = 24 * time.Hour
	left := first.Round(0).Sub(now.Round(0))
	step := time.Minute
	if left >= 2*day {
		step = day
	}
	if left < step {
		return time.Time{} // "less than a minute left" until the state changes
	}
	return first.Add(-left.Truncate(step) + time.Nanosecond)
}

// countsDown reports whether the words for s hold a time.
func countsDown(s session.Snapshot) bool {
	return s.State == session.Expiring || s.State == session.Active && (s.Renewal == nil || s.Renewal.Mode != session.Automatic)
}

// summary is all sessions in one icon and one line.
func summary(snaps []session.Snapshot, o Options) (assets.Icon, string) {
	var needs, working, soon, problem, well []session.Snapshot
	for _, s := range snaps {
		switch {
		case s.State == session.Expired, locked(s):
			needs = append(needs, s)
		case s.State == session.SigningIn:
			working = append(working, s)
		case s.State == session.Expiring:
			soon = append(soon, s)
		case s.State == session.Active:
			well = append(well, s)
		case few(s.Problem) != "" && s.Problem.Kind != auth.KindCanceled:
			problem = append(problem, s)
		}
	}
	switch {
	case len(needs) == 1 && needs[0].State == session.Expired:
		return assets.IconNeeds, "Keyfob: sign in again to " + name(needs[0])
	case len(needs) > 0:
		return assets.IconNeeds, "Keyfob: " + count(needs, " · "+few(needs[0].Problem), " tools need you")
	case len(working) > 0:
		return assets.IconWorking, "Keyfob: signing in to " + count(working, "…", " tools…")
	case len(soon) > 0:
		return assets.IconSoon, "Keyfob: " + count(soon, " ends soon", " sign-ins end soon")
	case o.Problem != nil:
		return assets.IconProblem, "Keyfob: the settings cannot be used"
	case len(problem) > 0:
		return assets.IconProblem, "Keyfob: " + count(problem, " · "+few(problem[0].Problem), " tools have a problem")
	case len(snaps) == 0:
		return assets.IconOut, "Keyfob: no tools yet"
	case len(well) == 0:
		return assets.IconOut, "Keyfob: not signed in"
	case len(well) == len(snaps):
		return assets.IconWell, "Keyfob: signed in"
	}
	return assets.IconWell, "Keyfob: signed in to " + number(len(well)) + " of " + number(len(snaps))
}
