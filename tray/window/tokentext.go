package window

import (
	"time"

	"keyfob/auth/inspect"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// validity says until when the access token can be used, and what then.
func validity(in inspect.Inspection, s session.Snapshot, now time.Time) string {
	renews := s.Renewal != nil && s.Renewal.Mode == session.Automatic
	if !in.Expiry.After(now) {
		says := "Ended " + moment(in.Expiry, now) + ". "
		switch {
		case s.Service:
			return says + "A new one is fetched when it is asked for."
		case renews && s.State != session.Expired:
			return says + "Keyfob renews it when it is asked for."
		}
		return says + "Sign in again to get a new one."
	}
	says := "Valid until " + moment(in.Expiry, now) + ". "
	switch {
	case s.Service:
		return says + "A new one is fetched when it is needed."
	case renews:
		return says + "Keyfob renews it by itself."
	}
	return says + "After that you sign in again."
}

// needsSignIn reports whether nothing but a sign-in brings a token that can be
// used.
func needsSignIn(in inspect.Inspection, s session.Snapshot, now time.Time) bool {
	return s.State == session.Expired && !in.Expiry.After(now) && !s.Service
}

// lifeLeft is the part of the access token's life that is left, as far as its
// beginning is known. Less than a tenth is little.
func lifeLeft(in inspect.Inspection, now time.Time) widget.TimeLeft {
	whole := in.Expiry.Sub(in.IssuedAt)
	if in.IssuedAt.IsZero() || whole <= 0 {
		return widget.TimeLeft{}
	}
	part := float32(in.Expiry.Sub(now)) / float32(whole)
	part = min(max(part, 0), 1)
	return widget.TimeLeft{Shown: true, Part: part, Soon: part < 0.1}
}

// moment says when t is or was, seen from now and in now's place: "today at
// 15:04, in 47 min".
func moment(t, now time.Time) string {
	return wording.MomentInFull(t, now) + ", " + wording.Distance(t, now)
}

// accessNotes says what can be known of an access token.
func accessNotes(in inspect.Inspection) []string {
	t := in.Access
	switch {
	case t.TooLong:
		return []string{"The token is too long to be read here."}
	case t.Form == inspect.Encrypted:
		return []string{"The token is encrypted: only the API that it is meant for can read it. What follows is its header."}
	case t.Form == inspect.Opaque:
		return []string{
			"The token is opaque: it says nothing by itself, and the API asks the provider what it stands for.",
			"What was granted with it is among the scopes.",
		}
	}
	notes := []string{"The access token is meant for the API: Keyfob does not check it, and only shows what it says."}
	if t.Unsigned {
		notes = append(notes, "It is not signed, so anybody could have written it.")
	}
	return notes
}

// idNotes says what an ID token is for.
func idNotes(t inspect.Token) []string {
	if t.TooLong {
		return []string{"The ID token is too long to be read here."}
	}
	return []string{
		"The ID token tells Keyfob who signed in. Keyfob checked who signed it, for whom and for how long when it came. " +
			"It is not meant for APIs.",
	}
}
