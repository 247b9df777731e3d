package oidc_test

import (
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestAudiencesBesideOurs: one that the settings do not trust is refused by its
// name. Who the token was issued to has to be said, and to be us, whatever the
// settings trust (OpenID Connect Core 1.0 section 3.1.3.7).
func TestAudiencesBesideOurs(t *testing.T) {
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/jwks", authtest.Keys(mine))
	const project = "project 2817@idp"
	for name, tc := range map[string]struct {
		aud     any
		azp     any // nil: none
		trusted []string
		code    string // empty: accepted
		says    []string
	}{
		"ours alone": {"renews", "renews", nil, "", nil},
		"ours twice": {[]string{"renews", "renews"}, nil, nil, "", nil},
		"another, not trusted": {
			[]string{"renews", project},
			"renews", nil, "id_token_audience",
			[]string{`is also meant for "` + project + `"`, "trusted_audiences"},
		},
		"another before ours": {
			[]string{project, "renews"},
			"renews", nil, "id_token_audience",
			[]string{`is also meant for "` + project + `"`},
		},
		"another, trusted": {[]string{"renews", project}, "renews", []string{"other", project}, "", nil},
		"a third, not trusted": {
			[]string{"renews", project, "third"},
			"renews",
			[]string{project},
			"id_token_audience",
			[]string{`is also meant for "third"`},
		},
		"trusted in another case": {
			[]string{"renews", project},
			"renews",
			[]string{strings.ToUpper(project)},
			"id_token_audience",
			[]string{project},
		},
		"trusted by its beginning": {
			[]string{"renews", project},
			"renews",
			[]string{"project"},
			"id_token_audience",
			[]string{project},
		},
		"trusted without ours": {
			[]string{project},
			"renews",
			[]string{project},
			"id_token_audience",
			[]string{`meant for somebody else, "` + project + `"`},
		},
		"trusted, as text": {
			project, "renews",
			[]string{project},
			"id_token_audience",
			[]string{`meant for somebody else, "` + project + `"`},
		},
		"trusted, issued to nobody": {
			[]string{"renews", project},
			nil,
			[]string{project},
			"id_token_azp",
			[]string{"does not say to whom it was issued"},
		},
		"trusted, issued to it": {
			[]string{"renews", project},
			project,
			[]string{project},
			"id_token_audience",
			[]string{`issued to somebody else, "` + project + `"`},
		},
		"trusted, issued to a list": {
			[]string{"renews", project},
			[]string{"renews"},
			[]string{project},
			"id_token_audience",
			[]string{"issued to somebody else"},
		},
		"trusted, issued to a number":   {[]string{"renews", project}, 7, []string{project}, "id_token_audience", nil},
		"an audience that is a number":  {[]any{"renews", 7}, "renews", nil, "id_token_audience", []string{"not text"}},
		"an audience that is an object": {map[string]any{"renews": 1}, "renews", nil, "id_token_audience", nil},
		"one that breaks the line":      {[]string{"renews", "a\nb\u202e"}, "renews", nil, "id_token_audience", []string{`"a\nb\u202e"`}},
	} {
		t.Run(name, func(t *testing.T) {
			set := authtest.RewriteIDToken(func(_, c map[string]any) {
				if c["aud"], c["azp"] = tc.aud, tc.azp; tc.azp == nil {
					delete(c, "azp")
				}
			}, mine)
			check := func(at string, err error) {
				if tc.code == "" {
					if err != nil {
						t.Errorf("%s: %v", at, err)
					}
					return
				}
				wantError(t, err, auth.KindProtocol, tc.code)
				for _, want := range tc.says {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%s: %q does not say %q", at, err, want)
					}
				}
			}
			r.tool.TrustedAudiences = tc.trusted
			r.faults.Set("/token", set)
			_, err := r.exchange()
			check("sign-in", err)

			r.faults.Set("/token", authtest.RewriteIDToken(nil, mine))
			old := r.signIn()
			r.faults.Set("/token", set)
			fresh, err := r.client.Refresh(t.Context(), r.tool, old)
			if err != nil {
				t.Fatal(err)
			}
			_, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh)
			check("refresh", err)
		})
	}
}

// TestWhoMustTrustAnAudience is whoever set up the tool.
func TestWhoMustTrustAnAudience(t *testing.T) {
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/jwks", authtest.Keys(mine))
	r.faults.Set("/token", authtest.RewriteIDToken(func(_, c map[string]any) { c["aud"] = []string{"renews", "other"} }, mine))
	_, err := r.exchange()
	if e := auth.AsError(err); e == nil || e.Who != auth.WhoSetup {
		t.Errorf("%v", err)
	}
}
