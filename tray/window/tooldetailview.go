package window

import (
	"slices"
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// toolFact is something to know about a tool.
type toolFact struct{ Name, Says string }

// toolDetail is everything that the page says of the tool that is chosen.
type toolDetail struct {
	Tool, Name string
	Icon       assets.Icon
	State      string // a sentence
	TimeLeft   widget.TimeLeft
	Problem    string // what is wrong and what to do, sentences
	Note       string // the provider's own words and reference
	Facts      []toolFact
	Warnings   []string
	Buttons    []toolButton
	Enter      toolAction // what Enter does
}

// Equal reports whether two tools read the same.
func (d toolDetail) Equal(o toolDetail) bool {
	return d.Tool == o.Tool && d.Name == o.Name && d.Icon == o.Icon && d.State == o.State && d.TimeLeft == o.TimeLeft &&
		d.Problem == o.Problem && d.Note == o.Note && slices.Equal(d.Facts, o.Facts) && slices.Equal(d.Warnings, o.Warnings) &&
		slices.Equal(d.Buttons, o.Buttons) && d.Enter == o.Enter
}

// toolView decides what the page says of s at now. failed is what the last
// thing failed with that was done here, or nil.
func toolView(s session.Snapshot, failed error, now time.Time) toolDetail {
	d := toolDetail{
		Tool: s.Tool, Name: toolName(s), Icon: toolIcon(s), State: stateSentence(s, now), TimeLeft: timeLeft(s, now),
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
		return "Access ends soon: " + wording.TimeLeft(s.EndsAt.Sub(now.Round(0))) + "."
	case session.Active:
		switch {
		case s.Service:
			return "There is a token. A new one is fetched when it is needed."
		case renewsItself(s):
			return "Signed in. The session renews itself."
		}
		return "Signed in: " + wording.TimeLeft(s.EndsAt.Sub(now.Round(0))) + "."
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
func toolFacts(s session.Snapshot, now time.Time) []toolFact {
	var out []toolFact
	add := func(name, says string) {
		if says != "" {
			out = append(out, toolFact{name, says})
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
