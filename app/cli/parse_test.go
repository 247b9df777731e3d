package cli_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"keyfob/app/cli"
)

func TestParse(t *testing.T) {
	token := func(o cli.TokenOptions) *cli.TokenOptions {
		if o.MinValid == 0 {
			o.MinValid = 10 * time.Second
		}
		return &o
	}
	for _, tt := range []struct {
		line, name, config string
		options            any
	}{
		{line: "", name: "tray"},
		{line: "--config x.toml", name: "tray", config: "x.toml"},
		{line: "--version", name: "version"},
		{line: "-h", name: "help", options: &cli.HelpOptions{}},
		{line: "help token", name: "help", options: &cli.HelpOptions{Topic: "token"}},
		{line: "help tools add", name: "help", options: &cli.HelpOptions{Topic: "tools"}},
		{line: "help --json", name: "help", options: &cli.HelpOptions{Topic: "--json"}},
		{line: "token --help", name: "help", options: &cli.HelpOptions{Topic: "token"}},
		{line: "token plant4", name: "token", options: token(cli.TokenOptions{Tool: "plant4", Format: cli.Plain})},
		{
			line: "token plant4 --header --min-valid 2m", name: "token",
			options: token(cli.TokenOptions{Tool: "plant4", Format: cli.Header, MinValid: 2 * time.Minute}),
		},
		{
			line: "token --json plant4 --config y", name: "token", config: "y",
			options: token(cli.TokenOptions{Tool: "plant4", Format: cli.JSON}),
		},
		{line: "token a --curl", name: "token", options: token(cli.TokenOptions{Tool: "a", Format: cli.Curl})},
		{line: "token a -json -json=false", name: "token", options: token(cli.TokenOptions{Tool: "a", Format: cli.Plain})},
		{line: "token -- --json", name: "token", options: token(cli.TokenOptions{Tool: "--json", Format: cli.Plain})},
		{
			line: "token a --id-token", name: "token",
			options: token(cli.TokenOptions{Tool: "a", Format: cli.Plain, IDToken: true}),
		},
		{
			line: "token --exec-credential --id-token a", name: "token",
			options: token(cli.TokenOptions{Tool: "a", Format: cli.ExecCredential, IDToken: true}),
		},
		{
			line: "login plant4 --no-browser --prompt login", name: "login",
			options: &cli.LoginOptions{Tool: "plant4", NoBrowser: true, Prompt: "login", Timeout: 5 * time.Minute},
		},
		{
			line: "login plant4 --offline --switch-account", name: "login",
			options: &cli.LoginOptions{Tool: "plant4", Offline: true, SwitchAccount: true, Timeout: 5 * time.Minute},
		},
		{line: "status --json", name: "status", options: &cli.StatusOptions{JSON: true}},
		{line: "logout --all", name: "logout", options: &cli.LogoutOptions{All: true}},
		{line: "logout plant4 --local", name: "logout", options: &cli.LogoutOptions{Tool: "plant4", Local: true}},
		{line: "autostart", name: "status", options: &cli.AutostartStatusOptions{}},
		{line: "autostart on --replace", name: "on", options: &cli.AutostartOnOptions{Replace: true}},
		{line: "autostart --replace on", name: "on", options: &cli.AutostartOnOptions{Replace: true}},
		{line: "autostart --json", name: "status", options: &cli.AutostartStatusOptions{JSON: true}},
		{line: "autostart status --json", name: "status", options: &cli.AutostartStatusOptions{JSON: true}},
		{line: "demo --headless", name: "demo", options: &cli.DemoOptions{Headless: true}},
		{line: "check plant4", name: "check", options: &cli.CheckOptions{Subject: "plant4"}},
		{
			line: "check https://idp.example/a --json", name: "check",
			options: &cli.CheckOptions{Subject: "https://idp.example/a", JSON: true},
		},
		{
			line: "check --json plant4 --config k.toml", name: "check", config: "k.toml",
			options: &cli.CheckOptions{Subject: "plant4", JSON: true},
		},
		{
			line: "--config k.toml check http://[::1]:80", name: "check", config: "k.toml",
			options: &cli.CheckOptions{Subject: "http://[::1]:80"},
		},
	} {
		t.Run(tt.line, func(t *testing.T) { parses(t, tt.line, tt.name, tt.config, tt.options) })
	}
}

// parses holds what a command line is understood as.
func parses(t *testing.T, line, name, config string, options any) {
	t.Helper()
	got, err := cli.Parse(strings.Fields(line))
	if err != nil {
		t.Errorf("%s: %v", line, err)
		return
	}
	if got.Command.Name != name || got.Config != config || !reflect.DeepEqual(got.Command.Options, options) {
		t.Errorf("%s: got %s %+v with the settings %q\nwant %s %+v with %q",
			line, got.Command.Name, got.Command.Options, got.Config, name, options, config)
	}
}

func TestParseTools(t *testing.T) {
	add := func(pairs ...any) *cli.ToolsAddOptions {
		o := &cli.ToolsAddOptions{Tool: "a"}
		for i := 0; i+1 < len(pairs); i += 2 {
			o.Keys = append(o.Keys, cli.Key{Name: pairs[i].(string), Value: pairs[i+1]})
		}
		return o
	}
	for _, tt := range []struct {
		line, name, config string
		options            any
	}{
		{line: "tools", name: "list", options: &cli.ToolsListOptions{}},
		{line: "tools --json", name: "list", options: &cli.ToolsListOptions{JSON: true}},
		{line: "tools list --config k.toml", name: "list", config: "k.toml", options: &cli.ToolsListOptions{}},
		{line: "tools --config k.toml list", name: "list", config: "k.toml", options: &cli.ToolsListOptions{}},
		{line: "--config k.toml tools show a", name: "show", config: "k.toml", options: &cli.ToolsShowOptions{Tool: "a"}},
		{line: "tools remove --logout a", name: "remove", options: &cli.ToolsRemoveOptions{Tool: "a", Logout: true}},
		{
			line: "tools import f.json --dry-run --with-secret", name: "import",
			options: &cli.ToolsImportOptions{File: "f.json", DryRun: true, WithSecret: true},
		},
		{line: "tools secret a --remove", name: "secret", options: &cli.ToolsSecretOptions{Tool: "a", Remove: true}},
		{
			line: "tools add a --issuer https://x --client-id y --scopes openid,b --ports 1,2 --param k=v=w", name: "add",
			options: add(
				"issuer", "https://x", "client_id", "y", "scopes", []string{"openid", "b"}, "ports", []int{1, 2},
				"params", map[string]string{"k": "v=w"},
			),
		},
		{
			line: "tools add a --provider keycloak --host h --realm r --token-uri https://x", name: "add",
			options: add("provider", "keycloak", "host", "h", "realm", "r", "token_uri", "https://x"),
		},
		{
			line: "tools add a --session-bound --post-logout-redirect http://127.0.0.1/bye", name: "add",
			options: add("post_logout_redirect", "http://127.0.0.1/bye", "session_bound", true),
		},
		{
			line: "tools --client-secret-expires 2027-03-01 add a", name: "add",
			options: add("client_secret_expires", cli.Date{Year: 2027, Month: time.March, Day: 1}),
		},
		{line: "tools --help", name: "help", options: &cli.HelpOptions{Topic: "tools"}},
		{line: "tools add --help", name: "help", options: &cli.HelpOptions{Topic: "tools"}},
	} {
		t.Run(tt.line, func(t *testing.T) { parses(t, tt.line, tt.name, tt.config, tt.options) })
	}
}

// TestUsageErrors types what cannot be understood. What stands where a secret
// may be is never shown.
func TestUsageErrors(t *testing.T) {
	for line, want := range map[string]string{
		"tokne":                    `there is no verb "tokne": did you mean "token"?`,
		"frobnicate":               "there is no verb \"frobnicate\": run `keyfob help`",
		"--colour":                 "there is no flag --colour",
		"token":                    "token needs the name of a tool: run `keyfob help token`",
		"token a b":                `token does not take "b"`,
		"token a --json --header":  "--header and --json exclude each other",
		"token a --env --curl":     "--curl and --env exclude each other",
		"token a --id-token --env": "--id-token goes with --exec-credential alone",
		"token a --min-valid soon": `--min-valid takes a duration such as 10s, not "soon"`,
		"token a --min-valid":      "--min-valid needs a value: run `keyfob help token`",
		"token a --json=maybe":     `--json takes true or false, not "maybe"`,
		"token a --colour":         "there is no flag --colour: run `keyfob help token`",
		"token a --heder":          `there is no flag --heder: did you mean "--header"?`,
		"token a ---json":          "bad flag syntax: ---json",
		"login a --prompt none":    "--prompt takes",
		"login a --timeout -1s":    "--timeout takes",
		"login a --timeout 1h":     "--timeout takes at most 5m",
		"logout":                   "one tool, or --all",
		"logout a --all":           "one tool, or --all",
		"autostart maybe":          `autostart takes on, off or status, not "maybe"`,
		"autostart on --config x":  "autostart does not take --config",
		"autostart off --replace":  "--replace goes with autostart on",
		"autostart on --json":      "--json goes with autostart status",
		"agent now":                `agent does not take "now"`,
		"check":                    "check needs the name of a tool or the address of an issuer",
		"check a b":                `check does not take "b"`,
		"check a --header":         "there is no flag --header",

		"tools rename a":                         "there is no `keyfob tools rename`, only list, show, add, remove, import and secret",
		"tools show":                             "tools show needs the ID of a tool",
		"tools import":                           "tools import needs a file",
		"tools list a":                           `tools list does not take "a"`,
		"tools show a b":                         `tools show does not take "b"`,
		"tools show a --dry-run":                 "--dry-run goes with tools import",
		"tools secret a canary":                  "reads the secret from its input",
		"tools add a --client-secret canary":     "there is no flag --client-secret: run `keyfob help tools`",
		"tools add a --client-secret=canary":     "there is no flag --client-secret",
		"tools add a --param canary":             "--param takes NAME=VALUE",
		"tools add a --ports x":                  "--ports takes numbers",
		"tools add a --client-secret-expires so": "takes a date such as",
	} {
		_, err := cli.Parse(strings.Fields(line))
		if err == nil || !strings.Contains(err.Error(), want) || cli.ExitCode(err) != cli.ExitUsage ||
			strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: error %v with exit code %d, want one about %q with %d", line, err, cli.ExitCode(err), want, cli.ExitUsage)
		}
	}
}

// TestCallsAsk holds which calls change something, and which want settings.
func TestCallsAsk(t *testing.T) {
	for line, want := range map[string]string{
		"":                         "changes",
		"agent":                    "changes",
		"login a":                  "changes wants",
		"logout a":                 "changes wants",
		"token a":                  "wants",
		"status":                   "wants",
		"check a":                  "wants",
		"check https://a.example":  "",
		"tools":                    "wants",
		"tools show a":             "wants",
		"tools add a":              "changes",
		"tools remove a":           "changes wants",
		"tools import f":           "changes",
		"tools import f --dry-run": "",
		"tools secret a":           "changes wants",
		"autostart":                "",
		"autostart on":             "changes",
		"autostart off":            "changes",
		"demo":                     "",
		"version":                  "",
		"help":                     "",
		"keychain-helper":          "",
	} {
		call, err := cli.Parse(strings.Fields(line))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if call.Changes() {
			got = append(got, "changes")
		}
		if call.NeedsSettings() {
			got = append(got, "wants")
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %q, want %q", line, s, want)
		}
	}
}
