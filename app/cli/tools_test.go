package cli_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

func TestParseTools(t *testing.T) {
	set := func(pairs ...any) (all []config.Setting) {
		for i := 0; i+1 < len(pairs); i += 2 {
			all = append(all, config.Setting{Key: pairs[i].(string), Value: pairs[i+1]})
		}
		return all
	}
	for _, test := range []struct {
		line string
		want cli.Command
		err  string
	}{
		{line: "tools", want: cli.Command{Tools: cli.ToolsOptions{Action: "list"}}},
		{line: "tools list --config k.toml", want: cli.Command{Config: "k.toml", Tools: cli.ToolsOptions{Action: "list"}}},
		{line: "--config k.toml tools show a", want: cli.Command{Config: "k.toml", Tool: "a", Tools: cli.ToolsOptions{Action: "show"}}},
		{line: "tools remove --logout a", want: cli.Command{Tool: "a", Tools: cli.ToolsOptions{Action: "remove", Logout: true}}},
		{
			line: "tools import f.json --dry-run --with-secret",
			want: cli.Command{Tools: cli.ToolsOptions{Action: "import", File: "f.json", DryRun: true, WithSecret: true}},
		},
		{line: "tools secret a --remove", want: cli.Command{Tool: "a", Tools: cli.ToolsOptions{Action: "secret", Remove: true}}},
		{line: "tools add a --issuer https://x --client-id y --scopes openid,b --ports 1,2 --param k=v=w", want: cli.Command{Tool: "a", Tools: cli.ToolsOptions{
			Action: "add", Settings: set("issuer", "https://x", "client_id", "y", "scopes", []string{"openid", "b"}, "ports", []int{1, 2}, "params", map[string]string{"k": "v=w"}),
		}}},
		{line: "tools add a --provider keycloak --host h --realm r --token-uri https://x", want: cli.Command{Tool: "a", Tools: cli.ToolsOptions{
			Action: "add", Settings: set("provider", "keycloak", "host", "h", "realm", "r", "token_uri", "https://x"),
		}}},
		{line: "tools add a --session-bound --post-logout-redirect http://127.0.0.1/bye", want: cli.Command{Tool: "a", Tools: cli.ToolsOptions{
			Action: "add", Settings: set("post_logout_redirect", "http://127.0.0.1/bye", "session_bound", true),
		}}},
		{line: "tools --help", want: cli.Command{Topic: "tools"}},
		{line: "tools add --help", want: cli.Command{Topic: "tools"}},
		{line: "tools rename a", err: "there is no `keyfob tools rename`"},
		{line: "tools show", err: "tools show needs the ID of a tool"},
		{line: "tools import", err: "tools import needs a file"},
		{line: "tools list a", err: `tools list does not take "a"`},
		{line: "tools show a b", err: `tools show does not take "b"`},
		{line: "tools secret a canary", err: "reads the secret from its input"},
		{line: "tools add a --client-secret canary", err: "there is no flag -client-secret"},
		{line: "tools add a --ports x", err: "--ports takes numbers"},
		{line: "tools add a --param canary", err: "--param takes NAME=VALUE"},
		{line: "tools add a --client-secret-expires soon", err: "takes a date such as"},
	} {
		got, err := cli.Parse(strings.Fields(test.line))
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) || cli.ExitCode(err) != cli.ExitUsage ||
				test.line != "tools add a --param canary" && strings.Contains(err.Error(), "canary") {
				t.Errorf("%s: %v", test.line, err)
			}
			continue
		}
		if test.want.Verb = cli.Tools; test.want.Topic != "" {
			test.want.Verb = cli.Help
		}
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, %v\nwant %+v", test.line, got, err, test.want)
		}
	}
}

// kept is a keychain in memory behind `keyfob tools`.
type kept struct{ store *memory.Store }

func (k kept) SaveSecret(ctx context.Context, tool auth.Tool, s auth.Secret) error {
	return keychain.Secrets{Store: k.store}.Save(ctx, tool, s)
}

func (k kept) DeleteSecret(ctx context.Context, tool string) error {
	return keychain.Secrets{Store: k.store}.Delete(ctx, tool)
}

func (k kept) Left(ctx context.Context, tool string) (tokens, secret bool, err error) {
	_, err = k.store.Load(ctx, tool)
	secret, _ = keychain.Secrets{Store: k.store}.Has(ctx, tool)
	return err == nil, secret, nil
}

func (k kept) Logout(ctx context.Context, tool string) (session.SignOutResult, error) {
	return session.SignOutResult{}, k.store.Delete(ctx, tool)
}

// runTools runs a command line on a settings file with the tool "web", which
// has a client secret, and "open", which has none.
func runTools(t *testing.T, k kept, in io.Reader, line string) (path, out, told string, err error) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "keyfob.toml")
	text := "[tools.web]\nname = \"Web\"\nissuer = \"https://x.example.com\"\nclient_id = \"x\"\nclient_auth = \"form\"\n\n[tools.open]\nissuer = \"https://x.example.com\"\nclient_id = \"y\"\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := cli.Parse(strings.Fields(line))
	if err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	err = cli.RunTools(t.Context(), c, k, path, config.System{}, cli.IO{In: in, Out: &o, Err: &e, Now: time.Now})
	return path, o.String(), e.String(), err
}

// webTool is the tool "web" of runTools.
func webTool() auth.Tool {
	return auth.Tool{ID: "web", Name: "Web", Issuer: "https://x.example.com", ClientID: "x"}
}

func TestSecretFromStandardInput(t *testing.T) {
	for _, test := range []struct{ name, in, want, err string }{
		{"a line", "canary\n", "canary", ""},
		{"a Windows line", "canary\r\n", "canary", ""},
		{"no line end", "canary", "canary", ""},
		{"two lines", "canary\nmore\n", "canary", ""},
		{"spaces inside", "ca nary!~\n", "ca nary!~", ""},
		{"nothing", "", "", "the client secret is empty"},
		{"an empty line", "\n", "", "the client secret is empty"},
		{"a space behind", "canary \n", "", "begins or ends with a space"},
		{"no ASCII", "canäry\n", "", "holds characters that none has"},
		{"a tab", "can\tary\n", "", "holds characters that none has"},
		{"UTF-8 with its mark", "\xef\xbb\xbfcanary\r\n", "canary", ""},
		{"UTF-16, little end first", wide("\ufeffcanary\r\nmore\r\n", binary.LittleEndian), "canary", ""},
		{"UTF-16, big end first", wide("\ufeffcanary\n", binary.BigEndian), "canary", ""},
		{"UTF-16 without a line end", wide("\ufeffcanary", binary.LittleEndian), "canary", ""},
		{"UTF-16 cut in two", wide("\ufeffcanary", binary.LittleEndian) + "x", "", "holds characters that none has"},
		{"UTF-16 of other letters", wide("\ufeffcanäry", binary.LittleEndian), "", "holds characters that none has"},
		{"UTF-16 without end", wide("\ufeff"+strings.Repeat("canary", 10000), binary.LittleEndian), "", "longer than 16 KiB"},
		{
			"UTF-16 without its mark", wide("canary\n", binary.LittleEndian), "",
			"came in UTF-16 without a byte-order mark: send it in UTF-8 or ASCII",
		},
		{"UTF-16 without its mark, big end first", wide("canary\n", binary.BigEndian), "", "came in UTF-16 without a byte-order mark"},
		{"a mark alone", "\xff\xfe", "", "the client secret is empty"},
		{"endless", strings.Repeat("canary", 10000), "", "longer than 16 KiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := kept{memory.New()}
			_, out, told, err := runTools(t, k, strings.NewReader(test.in), "tools secret web")
			got, _ := keychain.Secrets{Store: k.store}.Load(t.Context(), webTool())
			if got.Reveal() != test.want {
				t.Errorf("%d bytes were stored, want %d", len(got), len(test.want))
			}
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("%v, want %q", err, test.err)
			}
			if all := out + told + cliError(err); strings.Contains(all, "canary") || strings.Contains(all, "ca nary") {
				t.Errorf("the secret is shown: %s", all)
			}
		})
	}
}

// wide is s in UTF-16.
func wide(s string, order binary.ByteOrder) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, 0, 0)
		order.PutUint16(b[len(b)-2:], u)
	}
	return string(b)
}

func cliError(err error) string {
	var b bytes.Buffer
	cli.Report(&b, err)
	return b.String()
}

func TestSecretOfAToolWithoutOne(t *testing.T) {
	k := kept{memory.New()}
	if _, _, _, err := runTools(t, k, strings.NewReader("canary\n"), "tools secret open"); err == nil ||
		!strings.Contains(err.Error(), "open needs no client secret") {
		t.Errorf("%v", err)
	}
	if _, _, _, err := runTools(t, k, strings.NewReader("canary\n"), "tools secret nothing"); auth.KindOf(err) != auth.KindUsage {
		t.Errorf("%v", err)
	}
}

func TestRemoveSaysWhatIsLeft(t *testing.T) {
	for line, want := range map[string]string{
		"tools remove web":          "its tokens are still in the keychain: `keyfob logout web` deletes them\nits client secret is still in the keychain: `keyfob tools secret web --remove` deletes it\n",
		"tools remove web --logout": "the keychain holds nothing of it\n",
	} {
		k := kept{memory.New()}
		if err := k.store.Save(t.Context(), "web", auth.Tokens{Access: "canary", Type: "Bearer"}); err != nil {
			t.Fatal(err)
		}
		if err := k.SaveSecret(t.Context(), webTool(), "canary"); err != nil {
			t.Fatal(err)
		}
		path, out, told, err := runTools(t, k, nil, line)
		if err != nil || !strings.HasSuffix(told, want) || !strings.HasPrefix(out, "[tools.web]\n") {
			t.Errorf("%s: %v\n%s%s", line, err, out, told)
		}
		if s, err := config.Load(path); err != nil || len(s.Tools) != 1 || s.Tools[0].ID != "open" {
			t.Errorf("%s: %+v, %v", line, s, err)
		}
	}
}

// TestImportKeepsTheSecretInTheKeychainAlone imports with and without
// --with-secret and looks where the secret is afterwards.
func TestImportKeepsTheSecretInTheKeychainAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sso-settings.json")
	text := `{"AuthorizationServersSettings": {"cas": {"clientId": "twx", "clientSecret": "canary-secret", "authorizeUri": "https://ping.example.com/as/authorization.oauth2"}}}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]string{"": "", " --with-secret": "canary-secret", " --with-secret --dry-run": ""} {
		k := kept{memory.New()}
		path, out, told, err := runTools(t, k, nil, "tools import "+file+flag)
		if err != nil {
			t.Fatal(err)
		}
		settings, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if all := string(settings) + out + told; strings.Contains(all, "canary") {
			t.Errorf("%q: the secret is shown:\n%s", flag, all)
		}
		if added := strings.Contains(string(settings), "[tools.cas]"); added == strings.Contains(flag, "dry") {
			t.Errorf("%q: the tool is there: %v", flag, added)
		}
		got, _ := keychain.Secrets{
			Store: k.store,
		}.Load(
			t.Context(),
			auth.Tool{ID: "cas", Issuer: "https://ping.example.com", ClientID: "twx"},
		)
		if got.Reveal() != want {
			t.Errorf("%q: a secret was kept: %v", flag, got != "")
		}
	}
}

// TestEveryKeyHasAFlag adds a tool with each key that the settings know.
func TestEveryKeyHasAFlag(t *testing.T) {
	for _, key := range config.ToolKeys() {
		flag := map[string]string{"params": "--param"}[key]
		if flag == "" {
			flag = "--" + strings.ReplaceAll(key, "_", "-")
		}
		value := map[string]string{"ports": "1", "params": "a=b", "client_secret_expires": "2027-03-01", "retrigger_on_scopes_removal": "true", "session_bound": "true"}[key]
		if value == "" {
			value = "x"
		}
		c, err := cli.Parse([]string{"tools", "add", "a", flag + "=" + value})
		if err != nil || len(c.Tools.Settings) != 1 || c.Tools.Settings[0].Key != key {
			t.Errorf("%s: %+v, %v", flag, c.Tools.Settings, err)
		}
	}
}
