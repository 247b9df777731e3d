package engine_test

import (
	"strings"
	"testing"

	"keyfob/auth/session"
)

// TestOnePageForOneSession signs out of two tools of one account at one
// provider: both are revoked, and one page ends the session in the browser. A
// page of somebody else's stands for nothing.
func TestOnePageForOneSession(t *testing.T) {
	for name, tc := range map[string]struct {
		pages func(first string) []string
		want  int
	}{
		"the same account":    {func(first string) []string { return []string{"another", first} }, 1},
		"another account":     {func(string) []string { return []string{"another"} }, 2},
		"asked for by itself": {func(string) []string { return nil }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			env, browser, _ := newSignedInEnvironment(t, "renews ends")
			first, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
			if err != nil || first.Page == "" {
				t.Fatalf("%+v, %v", first, err)
			}
			second, err := env.SignOut(t.Context(), "ends", session.SignOutOptions{Browser: true, Pages: tc.pages(first.Page)})
			if err != nil || second.Left || !strings.Contains(second.Line(), "revoked") || (second.Page == "") != (tc.want == 1) {
				t.Errorf("%+v, %v", second, err)
			}
			if same := strings.Contains(second.Line(), "the same sign-out page"); same != (tc.want == 1) {
				t.Errorf("told %q", second.Line())
			}
			browser.wg.Wait()
			if n := env.faults.Seen("/end_session"); n != tc.want || env.faults.Seen("/revoke") != 2 {
				t.Errorf("%d pages and %d revocations", n, env.faults.Seen("/revoke"))
			}
			checkSignedOut(t, env, "renews")
			checkSignedOut(t, env, "ends")
		})
	}
}
