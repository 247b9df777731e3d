package oidc_test

import (
	"net/http"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestRefusedRefreshIsExplained: the code decides what becomes of the session,
// whatever number stands beside it.
func TestRefusedRefreshIsExplained(t *testing.T) {
	for name, tc := range map[string]struct {
		body, what, do string
		kind           auth.Kind
		who            auth.Who
		ref            string
	}{
		"several numbers": {
			`{"error":"invalid_grant","error_description":"AADSTS70002: Error validating credentials. AADSTS70008: The refresh token ` +
				`has expired.","error_codes":[70002,70008],"trace_id":"0a1b2c3d-4444","correlation_id":"99999999-8888","timestamp":"2026-03-01 09:00:00Z"}`,
			"unused for too long", "sign in again", auth.KindGrant, auth.WhoYou,
			"AADSTS70002, AADSTS70008, trace ID 0a1b2c3d-4444, correlation ID 99999999-8888, 2026-03-01 09:00:00Z",
		},
		"a number of another code": {
			`{"error":"temporarily_unavailable","error_codes":[70008]}`, "unused for too long", "sign in again", auth.KindTransient,
			auth.WhoYou, "AADSTS70008",
		},
		"a suberror": {
			`{"error":"invalid_grant","error_subtype":"invalid_rapt"}`, "from time to time", "sign in again",
			auth.KindGrant, auth.WhoYou, "",
		},
		"a person": {
			`{"error":"interaction_required","error_codes":[50076]}`, "extra check", "sign in and finish it",
			auth.KindGrant, auth.WhoYou, "AADSTS50076",
		},
		"the secret": {
			`{"error":"invalid_client","error_codes":[7000222]}`, "secret has expired", "create a new one",
			auth.KindSetup, auth.WhoAdmin, "AADSTS7000222",
		},
		"odd types": {
			`{"error":"invalid_grant","error_codes":"x","suberror":[],"trace_id":7}`, "no longer accepts",
			"sign in again", auth.KindGrant, auth.WhoYou, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			old := r.signIn()
			r.faults.Set("/token", authtest.Answer(http.StatusBadRequest, tc.body, "Content-Type", "application/json"))
			_, err := r.client.Refresh(t.Context(), r.tool, old)
			e := auth.AsError(err)
			if e == nil || e.Kind != tc.kind || e.Who != tc.who || e.Ref != tc.ref || !strings.Contains(e.What, tc.what) ||
				!strings.Contains(e.Do, tc.do) {
				t.Errorf("got %+v", e)
			}
		})
	}
}
