package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/app/cli"
	"keyfob/auth"
	"keyfob/auth/session"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		line string
		want cli.Command
		err  string // part of the error; "" for none
	}{
		{line: "", want: cli.Command{Verb: cli.Tray}},
		{line: "--config x.toml", want: cli.Command{Verb: cli.Tray, Config: "x.toml"}},
		{line: "--version", want: cli.Command{Verb: cli.Version}},
		{line: "-h", want: cli.Command{Verb: cli.Help}},
		{line: "help token", want: cli.Command{Verb: cli.Help, Topic: "token"}},
		{line: "token --help", want: cli.Command{Verb: cli.Help, Topic: "token"}},
		{
			line: "token plant4",
			want: cli.Command{Verb: cli.Token, Tool: "plant4", Token: cli.TokenOptions{Format: cli.Plain, MinValid: 10 * time.Second}},
		},
		{
			line: "token plant4 --header --min-valid 2m",
			want: cli.Command{Verb: cli.Token, Tool: "plant4", Token: cli.TokenOptions{Format: cli.Header, MinValid: 2 * time.Minute}},
		},
		{
			line: "token --json plant4 --config y",
			want: cli.Command{Verb: cli.Token, Tool: "plant4", Config: "y", Token: cli.TokenOptions{Format: cli.JSON, MinValid: 10 * time.Second}},
		},
		{
			line: "login plant4 --no-browser --prompt login",
			want: cli.Command{Verb: cli.Login, Tool: "plant4", Login: cli.LoginOptions{NoBrowser: true, Prompt: "login", Timeout: 5 * time.Minute}},
		},
		{line: "status --json", want: cli.Command{Verb: cli.Status, Status: cli.StatusOptions{JSON: true}}},
		{line: "logout --all", want: cli.Command{Verb: cli.Logout, All: true}},
		{line: "logout plant4 --local", want: cli.Command{Verb: cli.Logout, Tool: "plant4", Local: true}},
		{
			line: "login plant4 --offline --switch-account",
			want: cli.Command{Verb: cli.Login, Tool: "plant4", Login: cli.LoginOptions{Offline: true, Switch: true, Timeout: 5 * time.Minute}},
		},
		{line: "autostart", want: cli.Command{Verb: cli.Autostart, Autostart: cli.AutostartOptions{Action: "status"}}},
		{
			line: "autostart on --replace",
			want: cli.Command{Verb: cli.Autostart, Autostart: cli.AutostartOptions{Action: "on", Replace: true}},
		},
		{
			line: "autostart status --json",
			want: cli.Command{Verb: cli.Autostart, Autostart: cli.AutostartOptions{Action: "status", JSON: true}},
		},
		{line: "demo --headless", want: cli.Command{Verb: cli.Demo, Demo: cli.DemoOptions{Headless: true}}},

		{line: "tokne", err: `there is no verb "tokne"`},
		{line: "token", err: "token needs the name of a tool"},
		{line: "token a b", err: `token does not take "b"`},
		{
			line: "token a --curl",
			want: cli.Command{Verb: cli.Token, Tool: "a", Token: cli.TokenOptions{Format: cli.Curl, MinValid: 10 * time.Second}},
		},
		{
			line: "token a --id-token",
			want: cli.Command{Verb: cli.Token, Tool: "a", Token: cli.TokenOptions{Format: cli.Plain, IDToken: true, MinValid: 10 * time.Second}},
		},
		{
			line: "token --exec-credential --id-token a",
			want: cli.Command{Verb: cli.Token, Tool: "a", Token: cli.TokenOptions{Format: cli.ExecCredential, IDToken: true, MinValid: 10 * time.Second}},
		},

		{line: "token a --json --header", err: "--header and --json exclude each other"},
		{line: "token a --env --curl", err: "--curl and --env exclude each other"},
		{line: "token a --id-token --env", err: "--id-token goes with --exec-credential alone"},
		{line: "token a --min-valid soon", err: "min-valid"},
		{line: "token a --colour", err: "there is no flag -colour"},
		{line: "login a --prompt none", err: "--prompt takes"},
		{line: "login a --timeout -1s", err: "--timeout takes"},
		{line: "login a --timeout 1h", err: "--timeout takes at most 5m"},
		{line: "logout", err: "one tool, or --all"},
		{line: "logout a --all", err: "one tool, or --all"},
		{line: "autostart maybe", err: `autostart takes on, off or status, not "maybe"`},
		{line: "autostart on --config x", err: "autostart does not take --config"},
		{line: "autostart off --replace", err: "--replace goes with autostart on"},
		{line: "autostart on --json", err: "--json goes with autostart status"},
		{line: "agent now", err: `agent does not take "now"`},
	} {
		t.Run(tt.line, func(t *testing.T) {
			got, err := cli.Parse(strings.Fields(tt.line))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) || cli.ExitCode(err) != cli.ExitUsage {
					t.Errorf("error %v with exit code %d, want one about %q with %d", err, cli.ExitCode(err), tt.err, cli.ExitUsage)
				}
				return
			}
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, tt.want)
			}
		})
	}
}

func TestExitCode(t *testing.T) {
	for kind, want := range map[auth.Kind]int{
		auth.KindUsage: 2, auth.KindSignIn: 3, auth.KindGrant: 3, auth.KindTransient: 4, auth.KindKeychain: 5, auth.KindDamaged: 5,
		auth.KindSetup: 1, auth.KindDenied: 1, auth.KindProtocol: 1, auth.KindCanceled: 1, auth.KindFailed: 1,
	} {
		if got := cli.ExitCode(fmt.Errorf("wrapped: %w", &auth.Error{Kind: kind, What: "x"})); got != want {
			t.Errorf("exit code for %s is %d, want %d", kind, got, want)
		}
	}
	if cli.ExitCode(nil) != 0 || cli.ExitCode(io.EOF) != 1 {
		t.Errorf("no error gives %d, a stranger's %d", cli.ExitCode(nil), cli.ExitCode(io.EOF))
	}
}

// engine answers with fixed sessions.
type engine struct {
	all    []session.Snapshot
	tokens auth.Tokens
	err    error
	out    []string // tools signed out of
	pages  []string // the sign-out pages that the last of them was told of
	locked string   // a tool whose tokens cannot be deleted
}

func (e *engine) Status(context.Context) ([]session.Snapshot, error) { return e.all, e.err }

func (e *engine) Token(context.Context, string, time.Duration) (auth.Tokens, error) {
	return e.tokens, e.err
}

func (e *engine) Login(_ context.Context, _ string, o session.SignInOptions) error {
	if e.err == nil {
		o.Progress(session.Step{Name: session.StepAddress, Detail: "https://idp.example/authorize"})
	}
	return e.err
}

func (e *engine) Logout(_ context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	e.out, e.pages = append(e.out, tool), o.Pages
	if tool == e.locked {
		return session.SignOutResult{}, &auth.Error{
			Kind: auth.KindKeychain,
			Code: "keychain_locked",
			What: "the keychain is locked",
			Do:   "unlock it",
		}
	}
	if o.Local {
		return session.SignOutResult{Words: []string{"the provider was not told"}, Incomplete: true}, e.err
	}
	return session.SignOutResult{
		Words:      []string{"it was revoked", "it lives on"},
		Incomplete: true,
		Rule:       "The rule.",
		Page:       "page of " + tool,
	}, e.err
}

// TestLogoutAll says what became of each tool, whatever became of another, and
// opens no sign-out page twice.
func TestLogoutAll(t *testing.T) {
	e := &engine{all: []session.Snapshot{{Tool: "a"}, {Tool: "b"}, {Tool: "c"}}, locked: "b"}
	c, err := cli.Parse([]string{"logout", "--all"})
	if err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	err = cli.Run(t.Context(), c, e, cli.IO{Out: io.Discard, Err: &told, Now: time.Now})
	if code := cli.Report(&told, err); code != cli.ExitKeychain {
		t.Errorf("it ended with %d", code)
	}
	const want = `signed out of a on this machine; it was revoked; it lives on
The rule.
not signed out of b on this machine: the keychain is locked
signed out of c on this machine; it was revoked; it lives on
The rule.
keyfob: still signed in on this machine to b: unlock it
`
	if told.String() != want || !slices.Equal(e.pages, []string{"page of a"}) {
		t.Errorf("told\n%s\nwant\n%s\nand of the pages %q", told.String(), want, e.pages)
	}
}

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
	noted := "nobody has approved it: send the link to IT; link for the administrator: https://idp.example/adminconsent; reference: AADSTS65001, trace ID 0a1b\n"
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
			out:  "{\n  \"tool\": \"plant4\",\n  \"access_token\": \"abc\",\n  \"token_type\": \"Bearer\",\n  \"expires_at\": \"2026-03-02T12:47:00Z\",\n  \"account\": \"ann@example.com\"\n}\n",
		},
		{line: "token plant4", err: failed, out: "", to: "keyfob: nobody is signed in: sign in\n", exit: 3},
		{
			line: "status",
			out: "Plant 4 (plant4): 47 min left; ann@example.com; ends at " + ends + " because offline_access was not asked for\n" +
				"IoT (iot): signed in; ann; renews by itself; tokens are in memory only: the keychain did not take them; the client's secret ends in 2 days, on 4 Mar 2026\n" +
				"TPE (tpe): signed out; " + strings.ReplaceAll(noted, ": send", "; send") +
				"Lean (lean): the keychain is locked; unlock it\n",
		},
		{
			line: "status iot",
			out:  "IoT (iot): signed in; ann; renews by itself; tokens are in memory only: the keychain did not take them; the client's secret ends in 2 days, on 4 Mar 2026\n",
		},
		{line: "status nosuch", to: "keyfob: there is no tool \"nosuch\" in the settings", exit: 2},
		{line: "login plant4", to: "https://idp.example/authorize"},
		{line: "login plant4", err: refused, to: "keyfob: " + noted, exit: 1},
		{line: "logout --all", to: "signed out of lean on this machine; it was revoked; it lives on\nThe rule.\n"},
		{line: "logout iot --local", to: "signed out of iot on this machine; the provider was not told\n"},
		{line: "logout iot", err: failed, to: "keyfob: nobody", exit: 3},
	} {
		t.Run(tt.line, func(t *testing.T) {
			c, err := cli.Parse(strings.Fields(tt.line))
			if err != nil {
				t.Fatal(err)
			}
			var out, to bytes.Buffer
			err = cli.Run(
				t.Context(),
				c,
				&engine{all: sessions, tokens: tokens, err: tt.err},
				cli.IO{Out: &out, Err: &to, Now: func() time.Time { return noon }},
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

// TestStatusJSONHoldsNoAddress keeps the sign-in address, which carries the
// request's state, out of what programs store.
func TestStatusJSONHoldsNoAddress(t *testing.T) {
	var out bytes.Buffer
	c, err := cli.Parse([]string{"status", "--json"})
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{all: []session.Snapshot{{Tool: "a", State: session.SigningIn, SignInURL: "https://idp.example/?state=s"}}}
	if err := cli.Run(t.Context(), c, e, cli.IO{Out: &out, Err: io.Discard, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, `"signing_in"`) || strings.Contains(s, "idp.example") {
		t.Errorf("status --json prints %s", s)
	}
}

func TestTheWriterFails(t *testing.T) {
	c, err := cli.Parse([]string{"token", "a"})
	if err != nil {
		t.Fatal(err)
	}
	err = cli.Run(t.Context(), c, &engine{tokens: auth.Tokens{Access: "abc"}}, cli.IO{Out: full{}, Err: io.Discard, Now: time.Now})
	if !errors.Is(err, io.ErrShortWrite) || strings.Contains(err.Error(), "abc") {
		t.Errorf("a full disk gives %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestStatusLine checks how the end of access reads: with its day, and only
// where it is known and nothing else comes first.
func TestStatusLine(t *testing.T) {
	local := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 1, 0, 0, time.Local) }
	now := local(28, 12)
	manual := &session.Renewal{Mode: session.Manual, Reason: "offline_access was not asked for", AddOffline: true}
	const because, tip = " because offline_access was not asked for", "; with the scope offline_access this provider may issue a refresh token: `keyfob login p --offline` adds it and signs in again"
	for _, tt := range []struct {
		name string
		s    session.Snapshot
		want string
	}{
		{
			"today",
			session.Snapshot{State: session.Active, EndsAt: local(28, 13), Renewal: manual},
			"1 h 0 min left; ends at 13:01" + because + tip,
		},
		{
			"in three days",
			session.Snapshot{State: session.Active, EndsAt: local(31, 20), Renewal: manual},
			"3 days left; ends on 1 Dec at 20:01" + because + tip,
		},
		{
			"next year",
			session.Snapshot{State: session.Active, EndsAt: local(65, 8), Renewal: manual},
			"36 days left; ends on 4 Jan 2027 at 08:01" + because + tip,
		},
		{
			"over since yesterday",
			session.Snapshot{State: session.Expired, EndsAt: local(27, 8), Renewal: manual},
			"sign in again; ended on 27 Nov at 08:01" + because + tip,
		},
		{
			"over since this morning",
			session.Snapshot{State: session.Expired, EndsAt: local(28, 8), Renewal: manual},
			"sign in again; ended at 08:01" + because + tip,
		},
		{
			"over before it began",
			session.Snapshot{State: session.Expired, Renewal: &session.Renewal{Mode: session.Manual, Reason: "x"}},
			"sign in again; ended because x",
		},
		{"signing in", session.Snapshot{State: session.SigningIn, EndsAt: local(28, 13), Renewal: manual}, "signing in…"},
		{
			"signing in where it renews",
			session.Snapshot{State: session.SigningIn, Renewal: &session.Renewal{Mode: session.Automatic}},
			"signing in…",
		},
		{
			"refused",
			session.Snapshot{
				State: session.Expired, EndsAt: local(28, 8), Renewal: manual,
				Problem: &auth.Error{Kind: auth.KindDenied, What: "you are not a test user", Do: "ask for it"},
			},
			"sign in again; ended at 08:01" + because + "; you are not a test user; ask for it",
		},
		{
			"a fault that passes",
			session.Snapshot{
				State: session.Expired, EndsAt: local(28, 8), Renewal: manual,
				Problem: &auth.Error{Kind: auth.KindTransient, What: "no network", Do: "wait"},
			},
			"sign in again; ended at 08:01" + because + tip + "; no network; wait",
		},
	} {
		tt.s.Tool, tt.s.Name = "p", "P"
		c := cli.Command{Verb: cli.Status}
		var out bytes.Buffer
		if err := cli.Run(t.Context(), c, &engine{all: []session.Snapshot{tt.s}}, cli.IO{Out: &out, Now: func() time.Time { return now }}); err != nil {
			t.Fatal(err)
		}
		if want := "P (p): " + tt.want + "\n"; out.String() != want {
			t.Errorf("%s:\ngot  %swant %s", tt.name, out.String(), want)
		}
	}
}
