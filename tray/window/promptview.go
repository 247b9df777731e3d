package window

import (
	"fmt"
	"slices"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// promptRow is one ended session as the prompt shows it.
type promptRow struct {
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
	Rows    []promptRow
}

// Equal reports whether two prompts show the same.
func (m promptModel) Equal(o promptModel) bool {
	return m.Heading == o.Heading && slices.EqualFunc(m.Rows, o.Rows, promptRow.Equal)
}

// Equal reports whether two rows are the same.
func (r promptRow) Equal(o promptRow) bool {
	return r.Tool == o.Tool && r.Name == o.Name && slices.Equal(r.Facts, o.Facts) && r.Problem == o.Problem &&
		r.Waiting == o.Waiting && r.Action == o.Action
}

// needsPrompt reports whether a session in state s belongs into the prompt: it
// ended, or a person is in the browser about it.
func needsPrompt(s session.State) bool { return s == session.Expired || s == session.SigningIn }

// promptView decides what the prompt for the given tools shows at now, whose
// location is the one that times are told in.
func promptView(snaps []session.Snapshot, tools []string, tries map[string]attempt, now time.Time) promptModel {
	var ended []session.Snapshot
	for _, tool := range tools {
		for _, s := range snaps {
			if s.Tool == tool && needsPrompt(s.State) {
				ended = append(ended, s)
			}
		}
	}
	var m promptModel
	for _, s := range ended {
		r := promptRowView(s, tries[s.Tool])
		r.Facts = promptFacts(s, len(ended) > 1, now)
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

func promptRowView(s session.Snapshot, try attempt) promptRow {
	r := promptRow{Tool: s.Tool, Name: toolName(s), Action: "Sign in"}
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

// promptFacts are the sentences about a session that ended; among several of them,
// who and when share a line.
func promptFacts(s session.Snapshot, several bool, now time.Time) []string {
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
