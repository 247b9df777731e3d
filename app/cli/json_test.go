package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/app/autostart"
	"keyfob/app/check/report"
	"keyfob/app/cli"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/session"
)

// odd is a moment with a fraction of a second, in another place of the world.
var odd = time.Date(2026, 3, 2, 14, 0, 0, 123456789, time.FixedZone("", 7200))

// full sessions have everything that a session can say.
func fullSessions() []session.Snapshot {
	return []session.Snapshot{
		{
			Tool: "plant4", Name: "Plant 4", Home: "https://twx.example.com", API: "https://api.example.com",
			State: session.Active, Account: "ann@example.com",
			Scopes: []string{"openid"}, Store: session.StoreKeychain,
			SignedInAt: odd, AccessUntil: odd, EndsAt: odd, RefreshAt: odd, SecretExpires: odd,
			Renewal: &session.Renewal{Mode: session.Automatic, Bound: auth.BoundSession}, Set: "SET", Reminder: odd, NextWake: odd,
			Problem: &auth.Error{
				Kind: auth.KindTransient, Code: "http_503", What: "no answer", Do: "wait", Who: auth.WhoWait,
				Detail: `"busy"`, Ref: "x", Link: "https://x.example.com",
				RetryAfter: 1500 * time.Millisecond, Err: errors.New("CAUSE"),
			},
			Service: true, Warnings: []string{"less safe"},
		},
		{
			Tool: "b", Name: "B", State: session.SigningIn, SignInURL: "https://idp.example.com/?state=STATE", SignInAt: odd,
			Renewal: &session.Renewal{Mode: session.Manual, Reason: "no refresh token", AddOffline: true},
		},
	}
}

// TestJSONIsDocumented holds what programs read against assets/docs/json.md:
// each member is documented, and each that is documented is there.
func TestJSONIsDocumented(t *testing.T) {
	run := func(line string) []byte {
		t.Helper()
		var out, told bytes.Buffer
		e := &engine{
			all: fullSessions(),
			tokens: auth.Tokens{
				Access:  "abc",
				Type:    "Bearer",
				Expiry:  odd,
				Scopes:  []string{"openid"},
				Account: auth.Account{Email: "ann@example.com"},
			},
		}
		if err := run(t.Context(), t, line, e, cli.Env{Out: &out, Err: &told, Now: time.Now}); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	var checked bytes.Buffer
	report := report.Report{
		Tool: "plant4", Issuer: "https://idp.example.com", Verdict: report.Degraded, Because: []string{"no sign-out"},
		Rows: []report.Row{{Name: "sign-out", Need: report.Recommended, Result: report.Failed, Text: "no sign-out"}},
	}
	if err := manage.PrintCheck(&checked, report, cli.CheckOptions{JSON: true}); err != nil {
		t.Fatal(err)
	}
	for verb, out := range map[string][]byte{
		"keyfob status --json":            run("status --json"),
		"keyfob token TOOL --json":        run("token plant4 --json"),
		"keyfob check TOOL|ISSUER --json": checked.Bytes(),
		"keyfob tools list --json":        toolsListJSON(t),
		"keyfob autostart status --json":  autostartJSON(t),
	} {
		documented := documentedMembers(t, verb)
		var v any
		if err := json.Unmarshal(out, &v); err != nil {
			t.Fatalf("%s: %v\n%s", verb, err, out)
		}
		found := map[string]bool{}
		members(v, "", found)
		for name := range found {
			if !slices.Contains(documented, name) {
				t.Errorf("%s prints %q, which is not documented", verb, name)
			}
		}
		for _, name := range documented {
			if !found[name] {
				t.Errorf("%s does not print %q, which is documented", verb, name)
			}
		}
		for _, internal := range []string{"SET", "STATE", "CAUSE", "next_wake", "sign_in_url", "123456", "+02:00"} {
			if bytes.Contains(out, []byte(internal)) {
				t.Errorf("%s prints %s:\n%s", verb, internal, out)
			}
		}
	}
	if out := string(run("status --json")); !strings.Contains(out, `"ends_at": "2026-03-02T12:00:00Z"`) ||
		!strings.Contains(out, `"retry_after": 2`) {
		t.Errorf("times are\n%s", out)
	}
}

func toolsListJSON(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	admin, mine := filepath.Join(dir, "d"), filepath.Join(dir, "keyfob.toml")
	if err := os.Mkdir(admin, 0o700); err != nil {
		t.Fatal(err)
	}
	const table = `name = "X"
issuer = "https://idp.example.com"
client_id = "x"
home = "https://a.example.com"
api = "https://b.example.com"
`
	for file, text := range map[string]string{filepath.Join(admin, "a.toml"): "[tools.a]\n" + table, mine: "[tools.b]\nname = \"B\"\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, told bytes.Buffer
	system := config.System{Dir: admin, Owner: os.Getuid(), Top: admin}
	tools := manage.Tools{Path: mine, System: system, Env: cli.Env{Out: &out, Err: &told, Now: time.Now}}
	if err := tools.List(t.Context(), cli.ToolsListOptions{JSON: true}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// starter starts another program at login.
type starter struct{ autostart.Starter }

func (starter) Status() (autostart.State, error) {
	return autostart.State{On: true, Place: "/x", Program: "/y", Note: "no such program"}, nil
}

func autostartJSON(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	a := manage.Autostart{Starter: starter{}, Env: cli.Env{Out: &out, Now: time.Now}}
	if err := a.Status(cli.AutostartStatusOptions{JSON: true}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// members collects the names of members, those below others with a dot.
func members(v any, in string, found map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			members(one, in, found)
		}
	case map[string]any:
		for name, one := range v {
			found[in+name] = true
			members(one, in+name+".", found)
		}
	}
}

// documentedMembers are those of one verb's table.
func documentedMembers(t *testing.T, verb string) (names []string) {
	t.Helper()
	text, err := os.ReadFile("../../assets/docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## `"+verb+"`\n")
	if !ok {
		t.Fatalf("%s is not documented", verb)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\|").FindAllStringSubmatch(section, -1) {
		names = append(names, m[1])
	}
	return names
}

// TestJSONWordsAreDocumented holds the words that a member can be.
func TestJSONWordsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../assets/docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	for member, source := range map[string]struct{ file, kind string }{
		"problem.kind": {"../../auth/error.go", "Kind"}, "problem.who": {
			"../../auth/error.go",
			"Who",
		}, "state": {"../../auth/session/state.go", "State"},
	} {
		text, err := os.ReadFile(source.file)
		if err != nil {
			t.Fatal(err)
		}
		row := regexp.MustCompile("(?m)^\\| `" + member + "` .*$").FindString(string(doc))
		words := regexp.MustCompile(`(?m)^\t\w+ +`+source.kind+` += "(\w+)"`).FindAllStringSubmatch(string(text), -1)
		if len(words) < 4 {
			t.Fatalf("%s: %d words were found in %s", member, len(words), source.file)
		}
		for _, w := range words {
			if !strings.Contains(row, "`"+w[1]+"`") {
				t.Errorf("%s can be %q, which is not documented: %s", member, w[1], row)
			}
		}
	}
}

// TestJSONSpellsWhatIsUnseen keeps the data and shows what is in it.
func TestJSONSpellsWhatIsUnseen(t *testing.T) {
	const hostile = "a\u009b31m\u202eb\u2028\u200d\U000e0041\x7f\x1b"
	var out bytes.Buffer
	e := &engine{tokens: auth.Tokens{Access: "abc", Account: auth.Account{Subject: hostile}}}
	if err := run(t.Context(), t, "token a --json", e, cli.Env{Out: &out, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsFunc(out.String(), func(r rune) bool { return auth.Unseen(r) && r != '\n' }) ||
		!strings.Contains(out.String(), `a\u009b31m\u202eb\u2028\u200d\udb40\udc41\u007f\u001b`) {
		t.Errorf("printed %q", out.String())
	}
	var back struct{ Account string }
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back.Account != hostile {
		t.Errorf("read %q, %v", back.Account, err)
	}
}
