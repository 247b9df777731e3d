package cli_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"keyfob/app/cli"
	"keyfob/auth"
	"keyfob/auth/session"
)

func TestRun(t *testing.T) {
	refused := &auth.Error{
		Kind: auth.KindDenied,
		What: "nobody has approved it",
		Do:   "send the link to IT",
		Ref:  "AADSTS65001, trace ID 0a1b",
		Link: "https://idp.example/adminconsent",
	}
	sessions := []session.Snapshot{
		{
			Tool:      "plant4",
			Name:      "Plant 4",
			State:     session.Active,
			Account:   "ann@example.com",
			EndsAt:    noon.Add(47 * time.Minute),
			SignInURL: "https://idp.example/?state=s",
			Renewal:   &session.Renewal{Mode: session.Manual, Reason: "offline_access was not asked for"},
		},
		{
			Tool:          "iot",
			Name:          "IoT",
			State:         session.Active,
			Account:       "ann",
			Store:         session.StoreMemory,
			SecretExpires: noon.Add(36 * time.Hour),
			Renewal:       &session.Renewal{Mode: session.Automatic},
		},
		{Tool: "tpe", Name: "TPE", State: session.SignedOut, Problem: refused},
		{Tool: "lean", Name: "Lean", State: session.Unavailable, Problem: &auth.Error{What: "the keychain is locked", Do: "unlock it"}},
	}
	tokens := auth.Tokens{
		Access:  "abc",
		Type:    "Bearer",
		Expiry:  noon.Add(47 * time.Minute),
		Account: auth.Account{Email: "ann@example.com"},
	}
	failed := &auth.Error{Kind: auth.KindSignIn, What: "nobody is signed in", Do: "sign in"}
	noted := "nobody has approved it: send the link to IT; link for the administrator: https://idp.example/adminconsent; " +
		"reference: AADSTS65001, trace ID 0a1b\n"
	const iot = "IoT (iot): signed in; ann; renews by itself; tokens are kept in memory only, until Keyfob quits: the keychain did not take them; " +
		"the client's secret ends in 2 days, on 4 Mar 2026\n"
	clock := noon.In(time.Local)
	ends := clock.Add(47 * time.Minute).Format("15:04")
	for _, tt := range []struct {
		line    string
		err     error
		out, to string // stdout, and a part of stderr
		exit    int
	}{
		{line: "token plant4", out: "abc\n"},
		{line: "token plant4 --header", out: "Authorization: Bearer abc\n"},
		{
			line: "token plant4 --json",
			out: `{
  "tool": "plant4",
  "access_token": "abc",
  "token_type": "Bearer",
  "expires_at": "2026-03-02T12:47:00Z",
  "account": "ann@example.com"
}
`,
		},
		{line: "token plant4", err: failed, out: "", to: "keyfob: nobody is signed in: sign in\n", exit: 3},
		{
			line: "status",
			out: "Plant 4 (plant4): 47 min left; ann@example.com; ends at " + ends + " because offline_access was not asked for\n" +
				iot +
				"TPE (tpe): signed out; " + strings.ReplaceAll(noted, ": send", "; send") +
				"Lean (lean): the keychain is locked; unlock it\n",
		},
		{line: "status iot", out: iot},
		{line: "status nosuch", to: "keyfob: there is no tool \"nosuch\" in the settings", exit: 2},
		{line: "login plant4", to: "https://idp.example/authorize"},
		{line: "login plant4", err: refused, to: "keyfob: " + noted, exit: 1},
		{line: "logout --all", to: "signed out of lean on this machine; it was revoked; it lives on\nThe rule.\n"},
		{line: "logout iot --local", to: "signed out of iot on this machine; the provider was not told\n"},
		{line: "logout iot", err: failed, to: "keyfob: nobody", exit: 3},
	} {
		t.Run(tt.line, func(t *testing.T) {
			var out, to bytes.Buffer
			err := run(
				t.Context(), t, tt.line, &engine{all: sessions, tokens: tokens, err: tt.err},
				cli.Env{Out: &out, Err: &to, Now: func() time.Time { return noon }},
			)
			if code := cli.Report(&to, err); code != tt.exit {
				t.Errorf("exit code %d, want %d", code, tt.exit)
			}
			if out.String() != tt.out {
				t.Errorf("stdout %q\nwant   %q", out.String(), tt.out)
			}
			if !strings.Contains(to.String(), tt.to) {
				t.Errorf("stderr %q does not say %q", to.String(), tt.to)
			}
		})
	}
}

func TestTheWriterFails(t *testing.T) {
	err := run(t.Context(), t, "token a", &engine{tokens: auth.Tokens{Access: "abc"}}, cli.Env{Out: full{}, Err: io.Discard, Now: time.Now})
	if !errors.Is(err, io.ErrShortWrite) || strings.Contains(err.Error(), "abc") {
		t.Errorf("a full disk gives %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
