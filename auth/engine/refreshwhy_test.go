package engine_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/session"
)

// TestWhyIsToldByEveryProcess has a refresh refused to one process. Those that
// start later say why before they have asked anybody, and do not claim that the
// session renews.
func TestWhyIsToldByEveryProcess(t *testing.T) {
	for name, tc := range map[string]struct {
		answer string
		says   string // in the token's error
		reason string
		note   string
	}{
		"the secret has expired": {
			`{"error":"invalid_client",` +
				`"error_description":"AADSTS7000222: The provided client secret keys are expired. Trace ID: 0a1b2c3d-0001"}`,
			"secret has expired", "secret has expired", "AADSTS7000222",
		},
		"the session was revoked": {`{"error":"invalid_grant","error_description":"AADSTS50173: x"}`, "revoked", "revoked", "AADSTS50173"},
		"nobody knows why":        {`{"error":"weird"}`, `"weird"`, `"weird"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				env.signIn("renews")
				env.ahead.Store(int64(time.Hour))
				env.faults.Set(tokenPath, authtest.Answer(401, tc.answer))
				_, err := env.manager(onDemand).Token(t.Context(), "renews", session.TokenOptions{})
				if kindOf(err) != auth.KindSignIn || !strings.Contains(err.Error(), tc.says) ||
					strings.Contains(err.Error(), "refused to renew") {
					t.Errorf("the token: %v", err)
				}
				if note := auth.AsError(err).Note(); !strings.Contains(note, tc.note) {
					t.Errorf("its note: %q", note)
				}
				env.faults.Set(tokenPath, authtest.Answer(503, ""))
				m := env.manager(onDemand)
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				s := snapshot(t, m, "renews")
				if s.State != session.Expired || s.Renewal.Mode != session.Manual || !strings.Contains(s.Renewal.Reason, tc.reason) ||
					s.Renewal.AddOffline {
					b, _ := json.Marshal(s)
					t.Errorf("another process tells %s", b)
				}
			})
		})
	}
}
