package window

import (
	"fmt"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// attempt is what this window knows of a sign-in that it asked for itself.
// The snapshots tell the rest.
type attempt struct {
	running  bool      // the engine has not answered yet
	since    time.Time // when it began
	canceled bool      // Cancel was pressed here, so its failure needs no words
	err      error     // what the last one failed with; nil when none failed
}

// row is one ended session as the prompt shows it.
type row struct {
	Tool    string   // the key, not shown
	Name    string   //
	Facts   []string // who was signed in, when it ended, why it could not renew itself
	Problem string   // what the last sign-in failed with, or empty
	Waiting bool     // a person is in the browser
	Action  string   // what the row's button says
}

// promptModel is everything that the prompt shows. No rows means that nothing
// is left to ask.
type promptModel struct {
	Heading string
	Rows    []row
}

// asks reports whether a session in state s belongs into the prompt: it ended,
// or a person is in the browser about it.
func asks(s session.State) bool { return s == session.Expired || s == session.SigningIn }

// promptView decides what the prompt for the given tools shows at now, whose
// location is the one that times are told in.
func promptView(snaps []session.Snapshot, tools []string, tries map[string]attempt, now time.Time) promptModel {
	var ended []session.Snapshot
	for _, tool := range tools {
		for _, s := range snaps {
			if s.Tool == tool && asks(s.State) {
				ended = append(ended, s)
			}
		}
	}
	var m promptModel
	for _, s := range ended {
		r := rowView(s, tries[s.Tool])
		r.Facts = facts(s, len(ended) > 1, now)
		m.Rows = append(m.Rows, r)
	}
	switch len(m.Rows) {
	case 0:
	case 1:
		m.Heading = "Your " + m.Rows[0].Name + " session has ended"
	default:
		m.Heading = fmt.Sprintf("%d sessions have ended", len(m.Rows))
	}
	return m
}

func rowView(s session.Snapshot, try attempt) row {
	r := row{Tool: s.Tool, Name: auth.Line(s.Name, 60), Action: "Sign in"}
	if r.Name == "" {
		r.Name = auth.Line(s.Tool, 60)
	}
	switch {
	case try.running || s.State == session.SigningIn:
		r.Waiting, r.Action = true, "Cancel"
		if s.State == session.SigningIn && s.Problem != nil {
			r.Problem = wording.Explain(s.Problem) // no browser opened, and the wait goes on
		}
	case try.err != nil:
		r.Problem, r.Action = wording.Explain(auth.AsError(try.err)), "Try again"
	}
	return r
}

// facts are the sentences about a session that ended; among several of them,
// who and when share a line.
func facts(s session.Snapshot, several bool, now time.Time) []string {
	who, when := auth.Line(s.Account, 60), whenEnded(s, now)
	var out []string
	switch {
	case several && who != "" && when != "":
		out = append(out, who+" · "+when)
	default:
		if who != "" {
			out = append(out, "Signed in as "+who)
		}
		if when != "" {
			out = append(out, wording.Capital(when))
		}
	}
	if s.Renewal != nil && s.Renewal.Reason != "" {
		out = append(out, "It could not renew itself: "+wording.Period(auth.Line(s.Renewal.Reason, 400)))
	}
	return out
}

// whenEnded tells when access ended, or nothing when no end lies in the past:
// a provider can end a session ahead of its time without saying when.
func whenEnded(s session.Snapshot, now time.Time) string {
	end := s.EndsAt
	if end.IsZero() || end.After(now) {
		end = s.AccessUntil
	}
	if end.IsZero() || end.After(now) {
		return ""
	}
	return "ended " + wording.MomentInFull(end, now)
}
