package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// printStatus writes one line for each session, for people.
func printStatus(w io.Writer, all []session.Snapshot, now time.Time) error {
	if len(all) == 0 {
		return printLine(w, "no tools yet: add one to keyfob.toml, or look at `keyfob demo`")
	}
	for _, s := range all {
		if err := printLine(w, statusLine(s, now)); err != nil {
			return err
		}
	}
	return nil
}

// statusLine is a session in one line: name, state, who, and what bears on it.
func statusLine(s session.Snapshot, now time.Time) string {
	parts := []string{s.Words(now)}
	if s.Account != "" {
		parts = append(parts, s.Account)
	}
	if r := s.Renewal; r != nil {
		switch {
		case r.Mode == session.Automatic:
			parts = append(parts, "renews by itself"+boundTo(r.Bound))
		case s.State != session.Expired:
			parts = append(parts, "ends at "+s.EndsAt.Local().Format("15:04")+" because "+r.Reason)
		default:
			parts = append(parts, "ended at "+s.EndsAt.Local().Format("2 Jan 15:04")+" because "+r.Reason)
		}
	}
	if r := s.Renewal; r != nil && r.AddOffline {
		parts = append(parts, "ThingWorx and others get a refresh token by offline_access: `keyfob login "+s.Tool+" --offline` adds it and signs in again")
	}
	p := s.Problem
	if s.Store == session.StoreMemory {
		why := "the keychain did not take them"
		if p != nil && p.Kind == auth.KindKeychain {
			why, p = p.What, nil
		}
		parts = append(parts, "tokens are in memory only: "+why)
	}
	if p != nil {
		if p.What != parts[0] {
			parts = append(parts, p.What)
		}
		for _, more := range []string{p.Advice(), p.Note()} {
			if more != "" {
				parts = append(parts, more)
			}
		}
	}
	if w := s.SecretWarning(now); w != "" {
		parts = append(parts, w)
	}
	parts = append(parts, s.Warnings...)
	return fmt.Sprintf("%s (%s): %s", s.Name, s.Tool, strings.Join(parts, "; "))
}

// boundTo says what a session that renews lasts as long as, where that is known.
func boundTo(b oidc.Binding) string {
	switch b {
	case oidc.BoundOffline:
		return " with an offline refresh token"
	case oidc.BoundSession:
		return " as long as you are signed in at the provider"
	}
	return ""
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

func printLine(w io.Writer, s string) error {
	if _, err := io.WriteString(w, s+"\n"); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}
