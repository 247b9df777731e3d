package window

import (
	"slices"
	"strings"
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// filterFrom is how many tools a list holds before it has a field to find one.
const filterFrom = 9

// toolRow is a tool in the list.
type toolRow struct {
	Tool  string      // the key, not shown
	Name  string      //
	Words string      // the state in a few words, as in the tray's menu
	Mark  assets.Icon // the state as a picture
	Left  share       //
}

// share is how much of a session is left.
type share struct {
	Shown bool // there is an end to count down to
	Part  float32
	Soon  bool // a person should know
}

// toolRows is the list: those that need the person first, as in the menu, and
// of all of them those whose name or ID holds the words of filter.
func toolRows(snaps []session.Snapshot, filter string, now time.Time) []toolRow {
	snaps = slices.Clone(snaps)
	slices.SortStableFunc(snaps, func(a, b session.Snapshot) int { return a.Urgency() - b.Urgency() })
	wanted := strings.Fields(strings.ToLower(filter))
	var rows []toolRow
	for _, s := range snaps {
		text := strings.ToLower(s.Name + " " + s.Tool)
		if slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(text, w) }) {
			continue
		}
		line := wording.Line(s, now)
		if renewsItself(s) && wording.Short(s.Problem) == "" {
			line += " · renews itself"
		}
		rows = append(rows, toolRow{Tool: s.Tool, Name: toolName(s), Words: auth.Line(line, 80), Mark: toolMark(s), Left: timeLeft(s, now)})
	}
	return rows
}

// renewsItself reports whether a session goes on without a person and without
// a known end.
func renewsItself(s session.Snapshot) bool {
	return s.State == session.Active && !s.Service && s.Renewal != nil && s.Renewal.Mode == session.Automatic
}

func toolName(s session.Snapshot) string {
	if n := auth.Line(s.Name, 60); n != "" {
		return n
	}
	return auth.Line(s.Tool, 60)
}

// toolMark is the icon that the tray would show if there were no other tool.
func toolMark(s session.Snapshot) assets.Icon {
	switch {
	case s.State == session.Expired, s.Locked():
		return assets.IconNeeds
	case s.State == session.SigningIn:
		return assets.IconWorking
	case s.State == session.Expiring:
		return assets.IconSoon
	case s.State == session.Active:
		return assets.IconWell
	case wording.Short(s.Problem) != "" && s.Problem.Kind != auth.KindCanceled:
		return assets.IconProblem
	}
	return assets.IconOut
}

// timeLeft is the part of the session's life that lies ahead.
func timeLeft(s session.Snapshot, now time.Time) share {
	if !s.CountsDown() || s.SignedInAt.IsZero() || !s.EndsAt.After(s.SignedInAt) {
		return share{}
	}
	part := float32(s.EndsAt.Sub(now)) / float32(s.EndsAt.Sub(s.SignedInAt))
	return share{Shown: true, Part: min(max(part, 0), 1), Soon: s.State == session.Expiring}
}

// fact is something to know about a tool.
type fact struct{ Name, Says string }

// toolDetail is everything that the page says of the tool that is chosen.
type toolDetail struct {
	Tool, Name string
	Mark       assets.Icon
	State      string // a sentence
	Left       share
	Problem    string // what is wrong and what to do, sentences
	Note       string // the provider's own words and reference
	Facts      []fact
	Warnings   []string
	Buttons    []toolButton
	Enter      toolAct // what Enter does
}

// toolView decides what the page says of s at now. failed is what the last
// thing failed with that was done here, or nil.
func toolView(s session.Snapshot, failed error, now time.Time) toolDetail {
	d := toolDetail{
		Tool: s.Tool, Name: toolName(s), Mark: toolMark(s), State: stateSentence(s, now), Left: timeLeft(s, now),
		Facts: toolFacts(s, now), Buttons: toolButtons(s, now),
	}
	if d.Enter = actMain; renewsItself(s) {
		d.Enter = actCopy // there is no need to sign in
	}
	problem := s.Problem
	if e := auth.AsError(failed); wording.Short(e) != "" {
		problem = e
	}
	if wording.Short(problem) != "" {
		d.Problem = wording.Explain(problem)
		d.Note = wording.Capital(auth.Line(problem.Note(), 400))
	}
	for _, w := range s.Warnings {
		d.Warnings = append(d.Warnings, wording.Sentence(w))
	}
	return d
}

// stateSentence is how the session is, for somebody who has never read what
// the words mean.
func stateSentence(s session.Snapshot, now time.Time) string {
	switch s.State {
	case session.SigningIn:
		switch {
		case s.Service:
			return "A token is being fetched."
		case s.SignInURL == "":
			return "The sign-in is being prepared."
		case s.Problem != nil && s.Problem.Code == auth.CodeBrowser:
			return "The sign-in goes on at an address that you open in a browser yourself."
		}
		return "Go on in the browser: the sign-in page is open there."
	case session.Expired:
		if s.Service {
			return "There is no token. One is fetched when it is asked for."
		}
		return "The session has ended. Sign in again to go on."
	case session.Expiring:
		return "Access ends soon: " + wording.Left(s.EndsAt.Sub(now.Round(0))) + "."
	case session.Active:
		switch {
		case s.Service:
			return "There is a token. A new one is fetched when it is needed."
		case renewsItself(s):
			return "Signed in. The session renews itself."
		}
		return "Signed in: " + wording.Left(s.EndsAt.Sub(now.Round(0))) + "."
	case session.Unavailable:
		switch {
		case s.Problem == nil:
			return "The keychain is being read."
		case s.Problem.Kind == auth.KindDamaged:
			return "What the keychain holds for this tool cannot be used."
		}
		return "The keychain cannot be read just now. Nothing is lost."
	}
	switch {
	case s.BadSettings():
		return "This tool cannot be used until its settings are fixed."
	case s.Service:
		return "A token is fetched when it is asked for."
	}
	return "Nobody is signed in."
}

// toolFacts are the lines below the buttons.
func toolFacts(s session.Snapshot, now time.Time) []fact {
	var out []fact
	add := func(name, says string) {
		if says != "" {
			out = append(out, fact{name, says})
		}
	}
	add("Account", auth.Line(s.Account, 120))
	if !s.SignedInAt.IsZero() {
		add("Signed in", wording.Capital(wording.MomentInFull(s.SignedInAt, now)))
	}
	if s.State != session.SignedOut && !s.EndsAt.IsZero() {
		name := "Ends"
		if !s.EndsAt.After(now) {
			name = "Ended"
		}
		add(name, wording.Capital(wording.MomentInFull(s.EndsAt, now)))
	}
	if r := s.Renewal; r != nil && !s.Service {
		switch {
		case r.Mode == session.Automatic && s.State != session.Expired:
			add("Renewal", "By itself, without you")
		case r.Mode == session.Manual && r.Reason != "":
			add("Renewal", "Not by itself: "+wording.Period(auth.Line(r.Reason, 400)))
		}
	}
	if s.Store == session.StoreMemory {
		add("Kept", "In memory only, until Keyfob quits: no keychain takes it")
	}
	if !s.SecretExpires.IsZero() {
		add("Client secret", "Ends "+wording.Date(s.SecretExpires))
	}
	return out
}
