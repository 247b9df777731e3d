package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// printStatus writes one line for each session, for people.
func printStatus(w io.Writer, all []session.Snapshot, now time.Time) error {
	if len(all) == 0 {
		return Say(w, "no tools yet: add one with `keyfob tools add`, or look at `keyfob demo`")
	}
	for _, s := range all {
		if err := Say(w, statusLine(s, now)); err != nil {
			return err
		}
	}
	return nil
}

// statusLine is a session in one line: name, state, who, and what bears on it.
func statusLine(s session.Snapshot, now time.Time) string {
	parts := []string{wording.State(s, now)}
	if s.Account != "" {
		parts = append(parts, s.Account)
	}
	p := s.Problem
	if s.Renewal != nil && s.State != session.SigningIn { // what comes next decides then
		parts = append(parts, renewal(s, now)...)
	}
	if s.Store == session.StoreMemory {
		why := "the keychain did not take them"
		if p != nil && p.Kind == auth.KindKeychain {
			why, p = p.What, nil
		}
		parts = append(parts, "tokens are "+wording.Memory(s, now)+": "+why)
	}
	if p != nil {
		if p.What != parts[0] && !s.Explained() {
			parts = append(parts, p.What)
		}
		for _, more := range []string{p.Advice(), p.Note()} {
			if more != "" {
				parts = append(parts, more)
			}
		}
	}
	if w := wording.SecretWarning(s, now); w != "" {
		parts = append(parts, w)
	}
	parts = append(parts, s.Warnings...)
	return fmt.Sprintf("%s (%s): %s", s.Name, s.Tool, strings.Join(parts, "; "))
}

// renewal says how access goes on, and how it could.
func renewal(s session.Snapshot, now time.Time) (parts []string) {
	r := s.Renewal
	switch {
	case r.Mode == session.Automatic:
		return []string{"renews by itself" + boundTo(r.Bound)}
	case s.State != session.Expired:
		parts = append(parts, "ends "+wording.Moment(s.EndsAt, now.Local())+" because "+r.Reason)
	case s.EndsAt.IsZero(): // a set that was never checked has no end
		parts = append(parts, "ended because "+r.Reason)
	default:
		parts = append(parts, "ended "+wording.Moment(s.EndsAt, now.Local())+" because "+r.Reason)
	}
	if r.AddOffline && !refused(s.Problem) {
		parts = append(parts, "with the scope offline_access this provider may issue a refresh token: "+
			"`keyfob login "+s.Tool+" --offline` adds it and signs in again")
	}
	return parts
}

// refused reports whether the last try to sign in or to renew was turned down:
// then another scope is no cure.
func refused(p *auth.Error) bool {
	if p == nil {
		return false
	}
	switch p.Kind {
	case auth.KindSetup, auth.KindSignIn, auth.KindDenied, auth.KindGrant, auth.KindProtocol:
		return true
	}
	return false
}

// boundTo says what a session that renews lasts as long as, where that is known.
func boundTo(b auth.Binding) string {
	switch b {
	case auth.BoundOffline:
		return " with an offline refresh token"
	case auth.BoundSession:
		return " as long as you are signed in at the provider"
	}
	return ""
}

// Say writes a line for a person. Whatever stands in it comes from anywhere, so
// that it is cleaned here, and nowhere needs to be trusted.
func Say(w io.Writer, line string) error { return write(w, auth.Clean(line)+"\n") }

// SayLines writes several lines, whose line ends are ours.
func SayLines(w io.Writer, text string) error { return write(w, auth.CleanLines(text)+"\n") }

func write(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}
