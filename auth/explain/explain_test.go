package explain

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"keyfob/auth"
)

// TestEveryCode asks for each code that a provider is known to send. The actors
// are those who may have to act; the first word of each answer is not compared,
// what must not happen is that a code falls through to a general answer.
func TestEveryCode(t *testing.T) {
	const (
		you   = string(auth.WhoYou)
		admin = string(auth.WhoAdmin)
		setup = string(auth.WhoSetup)
		wait  = string(auth.WhoWait)
	)
	numbers := func(prefix, codes string) (all []Refusal) {
		for c := range strings.FieldsSeq(codes) {
			all = append(all, Refusal{Error: "invalid_request", Description: prefix + c + ": Some words."})
		}
		return all
	}
	said := func(code string, descriptions ...string) (all []Refusal) {
		for _, d := range descriptions {
			all = append(all, Refusal{Error: code, Description: d})
		}
		return all
	}
	plain := func(codes string) (all []Refusal) {
		for c := range strings.FieldsSeq(codes) {
			all = append(all, Refusal{Error: c})
		}
		return all
	}
	general := plain("access_denied invalid_request invalid_grant server_error temporarily_unavailable unauthorized_client invalid_client")
	for _, tt := range []struct {
		refusals []Refusal
		who      []string
	}{
		{numbers("AADSTS", "50011"), []string{setup, admin}},
		{numbers("AADSTS", "50020 90072 50034 50053"), []string{you, admin}},
		{numbers("AADSTS", "50055 50058 50072 50074 50076 50078 50079 50126 50132 50133 50173"), []string{you}},
		{numbers("AADSTS", "50057 50105 500021 500022 53003 530032 7000222 90008 90093 90094 90095"), []string{admin}},
		{
			numbers("AADSTS", "50059 50194 50196 500011 650057 700084 70011 700016 700005 700025 7000215 70002 7000218"),
			[]string{setup, admin},
		},
		{numbers("AADSTS", "90002 90014 900144 9002313 9002325 9002326 9002327 901002"), []string{setup}},
		{numbers("AADSTS", "501481 54005"), []string{you}},
		{numbers("AADSTS", "50033 90006 90024"), []string{wait}},
		{numbers("AADSTS", "53000 53001 65001"), []string{you, admin}},
		{numbers("AADSTS", "65004 70000 70008 700082 70043"), []string{you}},
		{numbers("AADB2C", "90006 90055 90115 90117 90058 90079 90084"), []string{setup}},
		{numbers("AADB2C", "90077 90080 90128 90129 90091 90118"), []string{you}},
		{numbers("AADB2C", "90111 90114"), []string{you, admin}},
		{numbers("AADB2C", "90085"), []string{you}},
		{numbers("MSIS", "9224 9221 9611"), []string{admin}},
		{numbers("MSIS", "9223 9602 9622"), []string{setup}},
		{said("invalid_request", "MSIS9602: The redirect_uri is not registered."), []string{admin}},
		{numbers("MSIS", "9615"), []string{you}},
		{said("invalid_request", "Invalid parameter: redirect_uri"), []string{admin}},
		{
			said(
				"invalid_grant", "Session not active", "Token is not active", "Offline session not active",
				"Offline user session not found", "Offline session not found", "Session doesn't have required client",
				"Stale token", "Maximum allowed refresh token reuse exceeded",
			),
			[]string{you},
		},
		{plain("not_allowed"), []string{admin, setup}},
		{said("unauthorized_client", "Invalid client or Invalid client credentials"), []string{setup}},
		{said("invalid_grant", "User disabled"), []string{admin}},
		{said("temporarily_unavailable", "authentication_expired"), []string{you}},
		{plain("redirect_uri_mismatch"), []string{setup}},
		{
			[]Refusal{{Error: "invalid_grant", Issuer: "https://accounts.google.com"}, {Error: "invalid_grant", Suberror: "invalid_rapt"}},
			[]string{you},
		},
		{plain("invalid_rapt org_internal"), []string{you}},
		{plain("admin_policy_enforced deleted_client"), []string{admin}},
		{[]Refusal{
			{
				Error: "access_denied", Description: "The app can only be accessed by developer-approved testers.",
				Issuer: "https://accounts.google.com",
			},
			{Error: "access_denied", Description: "You are not a test user.", Issuer: "https://accounts.google.com"},
		}, []string{setup}},
		{said("unauthorized_client", "Callback URL mismatch. x is not in the list of allowed callback URLs"), []string{setup}},
		{said("invalid_grant", "Unknown or invalid refresh token."), []string{you}},
		{said("access_denied", "Service not found: api://plant"), []string{setup}},
		{
			said(
				"access_denied", "User is not assigned to the client application.",
				"Policy evaluation failed for this request, please check the policy configurations.",
			),
			[]string{admin},
		},
		{[]Refusal{{Error: "invalid_grant", Issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x"}}, []string{you, admin}},
		{
			said(
				"access_denied", "the person cancelled", "The user canceled the authentication.", "End-User aborted interaction",
				"User denied access", "User declined", "User did not authorize the request",
			),
			[]string{you},
		},
		{
			plain("login_required account_selection_required interaction_required consent_required invalid_grant access_denied"),
			[]string{you, admin},
		},
		{
			plain(
				"invalid_client unauthorized_client invalid_scope invalid_target invalid_resource invalid_request unsupported_grant_type",
			),
			[]string{setup},
		},
		{plain("server_error temporarily_unavailable slow_down"), []string{wait}},
		{plain("authorization_pending expired_token"), []string{you}},
	} {
		for _, r := range tt.refusals {
			help, found := Find(r)
			if !found || !slices.Contains(tt.who, string(help.Who)) || help.What == "" || help.Do == "" {
				t.Errorf("%s %s: %+v, want one for %v", r.Error, r.Description, help, tt.who)
			}
			special := r.Description != "" || r.Suberror != "" || r.Issuer != ""
			for _, g := range general {
				if h, _ := Find(g); special && h.What == help.What {
					t.Errorf("%s %s gets the general answer %q", r.Error, r.Description, help.What)
				}
			}
		}
	}
}

func TestSeveralNumbers(t *testing.T) {
	for name, tt := range map[string]struct {
		r    Refusal
		what string
		ref  string
	}{
		"the one that says more": {
			Refusal{Error: "invalid_grant", Numbers: []int64{70002, 70008}},
			"unused for too long",
			"AADSTS70002, AADSTS70008",
		},
		"in the description": {
			Refusal{Error: "invalid_grant", Description: "AADSTS70002: x AADSTS50173: y"},
			"revoked",
			"AADSTS70002, AADSTS50173",
		},
		"once each": {
			Refusal{Error: "x", Description: "AADSTS50057: x", Numbers: []int64{50057}},
			"disabled",
			"AADSTS50057",
		},
		"B2C by its issuer": {
			Refusal{Error: "x", Numbers: []int64{90091}, Issuer: "https://plant.b2clogin.com/1/v2.0/"},
			"cancelled", "AADB2C90091",
		},
		"a longer number": {
			Refusal{Error: "invalid_grant", Description: "AADSTS500115: x"},
			"no longer accepts",
			"AADSTS500115",
		},
		"not a number at all": {
			Refusal{Error: "invalid_grant", Description: "AADSTS, AADSTS: x", Numbers: []int64{-1, 0, 1e15}},
			"no longer accepts",
			"",
		},
		"an error of the provider's": {Refusal{Error: "made_up", Description: "words"}, "", ""},
		"more than anybody can read": {
			Refusal{Error: "invalid_grant", Numbers: []int64{1, 2, 3, 4, 5, 6, 7, 8, 50057}},
			"no longer accepts", "AADSTS1, AADSTS2, AADSTS3, AADSTS4, AADSTS5, AADSTS6, AADSTS7, AADSTS8",
		},
		"a number beside a suberror": {
			Refusal{Error: "invalid_grant", Numbers: []int64{50076}, Suberror: "basic_action"},
			"extra check", "AADSTS50076",
		},
		"a suberror without a number": {Refusal{Error: "invalid_grant", Suberror: "message_only"}, "for now", ""},
	} {
		t.Run(name, func(t *testing.T) {
			help, found := Find(tt.r)
			if found != (tt.what != "") || !strings.Contains(help.What, tt.what) || help.Ref != tt.ref {
				t.Errorf("got %+v", help)
			}
		})
	}
}

func TestReference(t *testing.T) {
	const description = "AADSTS65001: The user or administrator has not consented.\r\nTrace ID: 0a1b2c3d-0001\r\nCorrelation ID: " +
		"0a1b2c3d-0002\r\nTimestamp: 2026-03-01 09:00:00Z"
	const want = "AADSTS65001, trace ID 0a1b2c3d-0001, correlation ID 0a1b2c3d-0002, 2026-03-01 09:00:00Z"
	for name, r := range map[string]Refusal{
		"in the description": {Description: description},
		"B2C's way":          {Description: strings.ReplaceAll(description, "Trace ID", "trace id")},
		"fields": {
			Description: "AADSTS65001: x", Trace: "0a1b2c3d-0001", Correlation: "0a1b2c3d-0002",
			Time: "2026-03-01 09:00:00Z",
		},
		"fields that are no identifiers": {
			Description: description, Trace: "<script>", Correlation: "0a1b2c3d-0002; rm", Time: "now",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r.Error = "invalid_grant"
			if help, _ := Find(r); help.Ref != want {
				t.Errorf("got %q", help.Ref)
			}
		})
	}
	help, found := Find(Refusal{Error: "made_up", Description: description + strings.Repeat("x", 500)})
	if !found || strings.Contains(help.Detail, "Trace") {
		t.Errorf("got %+v", help)
	}
	if help, _ := Find(Refusal{
		Error: "made_up", Description: "two\nlines\x1b[31m " + strings.Repeat("é", 500) + " Trace ID: 1",
	}); strings.ContainsAny(help.Detail, "\n\x1b") || len(help.Detail) > 250 || help.Ref != "" {
		t.Errorf("got %+v", help)
	}
}

func TestConsentLink(t *testing.T) {
	const (
		tenant = "11111111-2222-3333-4444-555555555555"
		host   = "https://login.microsoftonline.com/"
		end    = "/adminconsent?client_id=an+id%26x"
	)
	for issuer, want := range map[string]string{
		host + tenant + "/v2.0":                                host + tenant + end,
		host + "plant.onmicrosoft.com/v2.0":                    host + "plant.onmicrosoft.com" + end,
		host + "common/v2.0":                                   host + "organizations" + end,
		host + "{tenantid}/v2.0":                               host + "organizations" + end,
		"https://sts.windows.net/" + tenant + "/":              host + tenant + end,
		"https://login.microsoftonline.us/" + tenant + "/v2.0": "https://login.microsoftonline.us/" + tenant + end,
		host:                "",
		host + "a%2Fb/v2.0": host + "a" + end,
		"https://login.microsoftonline.com.evil.example.com/" + tenant:    "",
		"https://login.example.com/realms/plant":                          "",
		"https://plant.b2clogin.com/11111111-2222-3333-4444-555555555555": "",
		"://": "",
	} {
		help, _ := Find(Refusal{Error: "invalid_grant", Description: "AADSTS65001: x", Issuer: issuer, ClientID: "an id&x"})
		if help.Link != want {
			t.Errorf("%s: %q, want %q", issuer, help.Link, want)
		}
		if help, _ := Find(Refusal{Error: "invalid_grant", Description: "AADSTS50105: x", Issuer: issuer, ClientID: "x"}); help.Link != "" {
			t.Errorf("a link for what consent does not fix: %q", help.Link)
		}
	}
}

// TestNoWorkAtTheStart: a program that meets no error pays nothing for the table.
func TestNoWorkAtTheStart(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "init ") {
		t.Fatalf("%v: %s", err, out)
	}
	if strings.Contains(string(out), "init keyfob/auth/explain") {
		t.Errorf("the package works in its init:\n%s", out)
	}
}

func FuzzFind(f *testing.F) {
	f.Add(
		"invalid_grant", "AADSTS70008: x\r\nTrace ID: 0-0\r\nCorrelation ID: \r\nTimestamp: ", "bad_token", int64(70008),
		"https://login.microsoftonline.com/common/v2.0",
	)
	f.Add("", "MSISMSIS9AADSTSAADB2C", "", int64(-1), "{}")
	f.Fuzz(func(t *testing.T, code, description, sub string, n int64, issuer string) {
		help, found := Find(Refusal{
			Error: code, Description: description, Suberror: sub, Numbers: []int64{n}, Trace: description, Time: code,
			Issuer: issuer, ClientID: sub,
		})
		if text := help.Ref + help.Link + help.Detail; strings.ContainsAny(text, "\r\n\x00\x1b<") && !strings.Contains(help.Detail, "<") ||
			len(help.Ref) > 400 || len(help.Detail) > 900 {
			t.Errorf("%+v", help)
		}
		if found && (help.What == "" || help.Do == "" || help.Who == "") {
			t.Errorf("%+v", help)
		}
	})
}
