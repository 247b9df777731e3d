package manage_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"keyfob/app/cli"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
	"keyfob/app/holdings"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// inMemory is what a keychain in memory holds.
func inMemory(t *testing.T) holdings.Holdings {
	return holdings.Holdings{Store: memory.New(), Locks: lock.Folders{State: t.TempDir()}}
}

// program has a settings file and a keychain.
type program struct {
	cli.Program
	holdings holdings.Holdings
	path     string
}

func (p program) Tools(e cli.Env) (cli.Tools, error) {
	reload := func(context.Context) error { return nil }
	return manage.Tools{Path: p.path, Engine: engine{p.holdings}, Reload: reload, Env: e}, nil
}

// engine keeps secrets and deletes tokens as the user's engine does.
type engine struct{ holdings.Holdings }

func (e engine) Holds(ctx context.Context, tool string) (tokens, secret bool, err error) {
	return e.Left(ctx, tool)
}

func (e engine) Logout(ctx context.Context, tool string, _ session.SignOutOptions) (session.SignOutResult, error) {
	return session.SignOutResult{}, e.Store.Delete(ctx, tool)
}

// runTools runs a command line on a settings file with the tool "web", which
// has a client secret, and "open", which has none.
func runTools(t *testing.T, h holdings.Holdings, in io.Reader, line string) (path, out, told string, err error) {
	t.Helper()
	return runToolsUntil(t.Context(), t, h, in, line)
}

func runToolsUntil(ctx context.Context, t *testing.T, h holdings.Holdings, in io.Reader, line string) (path, out, told string, err error) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "keyfob.toml")
	const text = `[tools.web]
name = "Web"
issuer = "https://x.example.com"
client_id = "x"
client_auth = "form"

[tools.open]
issuer = "https://x.example.com"
client_id = "y"
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	call, err := cli.Parse(strings.Fields(line))
	if err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	err = call.Run(ctx, program{holdings: h, path: path}, cli.Env{In: in, Out: &o, Err: &e, Now: time.Now})
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
			h := inMemory(t)
			_, out, told, err := runTools(t, h, strings.NewReader(test.in), "tools secret web")
			got, _ := keychain.Secrets{Store: h.Store}.Load(t.Context(), webTool())
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
	h := inMemory(t)
	if _, _, _, err := runTools(t, h, strings.NewReader("canary\n"), "tools secret open"); err == nil ||
		!strings.Contains(err.Error(), "open needs no client secret") {
		t.Errorf("%v", err)
	}
	if _, _, _, err := runTools(t, h, strings.NewReader("canary\n"), "tools secret nothing"); auth.KindOf(err) != auth.KindUsage {
		t.Errorf("%v", err)
	}
}

func TestRemoveSaysWhatIsLeft(t *testing.T) {
	for line, want := range map[string]string{
		"tools remove web": "its tokens are still in the keychain: `keyfob logout web` deletes them\n" +
			"its client secret is still in the keychain: `keyfob tools secret web --remove` deletes it\n",
		"tools remove web --logout": "the keychain holds nothing of it\n",
	} {
		h := inMemory(t)
		if err := h.Store.Save(t.Context(), "web", auth.Tokens{Access: "canary", Type: "Bearer"}); err != nil {
			t.Fatal(err)
		}
		if err := h.SaveSecret(t.Context(), webTool(), "canary"); err != nil {
			t.Fatal(err)
		}
		path, out, told, err := runTools(t, h, nil, line)
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
	text := `{"AuthorizationServersSettings": {"cas": {"clientId": "twx", "clientSecret": "canary-secret",
		"authorizeUri": "https://ping.example.com/as/authorization.oauth2"}}}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]string{"": "", " --with-secret": "canary-secret", " --with-secret --dry-run": ""} {
		h := inMemory(t)
		path, out, told, err := runTools(t, h, nil, "tools import "+file+flag)
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
			Store: h.Store,
		}.Load(
			t.Context(),
			auth.Tool{ID: "cas", Issuer: "https://ping.example.com", ClientID: "twx"},
		)
		if got.Reveal() != want {
			t.Errorf("%q: a secret was kept: %v", flag, got != "")
		}
	}
}
