package formats_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"keyfob/app/formats"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/weburl"
)

const home = "https://twx.example.com/Thingworx"

func tokens(access string) auth.Tokens {
	return auth.Tokens{Access: auth.Secret(access), ID: "the.id.token", Type: "Bearer"}
}

func TestText(t *testing.T) {
	for _, tt := range []struct {
		shell  formats.Shell
		format formats.Format
		access string
		want   string
	}{
		{formats.POSIX, formats.Token, "a.b-c", "a.b-c"},
		{formats.POSIX, formats.IDToken, "a.b-c", "the.id.token"},
		{formats.POSIX, formats.Header, "a.b-c", "Authorization: Bearer a.b-c"},
		{formats.POSIX, formats.Curl, "a.b-c", "curl -H 'Authorization: Bearer a.b-c' 'https://twx.example.com/Thingworx'"},
		{formats.POSIX, formats.Env, "a.b-c", "export KEYFOB_TOKEN='a.b-c'"},
		{formats.PowerShell, formats.Token, "a.b-c", "a.b-c"},
		{formats.PowerShell, formats.Header, "a.b-c", "Authorization: Bearer a.b-c"},
		{formats.PowerShell, formats.Curl, "a.b-c", "curl.exe -H 'Authorization: Bearer a.b-c' 'https://twx.example.com/Thingworx'"},
		{formats.PowerShell, formats.Env, "a.b-c", "$env:KEYFOB_TOKEN = 'a.b-c'"},
		// A provider that means harm.
		{formats.POSIX, formats.Env, "';rm$IFS-rf$IFS~;'", `export KEYFOB_TOKEN=''\'';rm$IFS-rf$IFS~;'\'''`},
		{formats.PowerShell, formats.Env, "';calc;'", "$env:KEYFOB_TOKEN = ''';calc;'''"},
		{formats.PowerShell, formats.Curl, "$(calc)", "curl.exe -H 'Authorization: Bearer $(calc)' 'https://twx.example.com/Thingworx'"},
	} {
		got, err := tt.shell.Text(tt.format, home, tokens(tt.access))
		if err != nil || got.Reveal() != tt.want {
			t.Errorf("%s as %s for %s: %s, %v; want %s", tt.access, tt.format, tt.shell, got.Reveal(), err, tt.want)
		}
	}
}

func TestUsualShell(t *testing.T) {
	want := formats.POSIX
	if runtime.GOOS == "windows" {
		want = formats.PowerShell
	}
	usual, err := formats.Text(formats.Curl, home, tokens("a"))
	named, _ := want.Text(formats.Curl, home, tokens("a"))
	if err != nil || usual != named {
		t.Errorf("%s, %v; want %s", usual.Reveal(), err, named.Reveal())
	}
}

func TestAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://twx.example.com/Thingworx/":  "https://twx.example.com/Thingworx/",
		"https://twx.example.com":             "https://twx.example.com",
		"https://tpe.example.com/app#/login":  "https://tpe.example.com/app",
		"https://api.example.com:8443/a?b=c":  "https://api.example.com:8443/a?b=c",
		"http://127.0.0.1:8080/":              "http://127.0.0.1:8080/",
		"http://[::1]:8080/":                  "http://[::1]:8080/",
		"https://x.example.com/';id;'":        "https://x.example.com/%27;id;%27",
		"https://x.example.com/$(id)`id`":     "https://x.example.com/$(id)%60id%60",
		"https://x.example.com/{a,b}[1-9]":    "https://x.example.com/%7Ba,b%7D%5B1-9%5D",
		`https://x.example.com/?q="!<>|^`:     "https://x.example.com/?q=%22%21%3C%3E%7C%5E",
		"https://x.example.com/über?q=\u2019": "https://x.example.com/%C3%BCber?q=%E2%80%99",
		"https://x.example.com/a%2Fb%27":      "https://x.example.com/a%2Fb%27",
	} {
		for _, shell := range []formats.Shell{formats.POSIX, formats.PowerShell} {
			got, err := shell.Text(formats.Curl, address, tokens("a"))
			if err != nil || !strings.HasSuffix(got.Reveal(), " -H 'Authorization: Bearer a' '"+want+"'") {
				t.Errorf("%s for %s: %s, %v; want %s", address, shell, got.Reveal(), err, want)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name    string
		shell   formats.Shell
		format  formats.Format
		address string
		tokens  auth.Tokens
		kind    auth.Kind
	}{
		{"no token", formats.POSIX, formats.Token, home, auth.Tokens{ID: "x"}, auth.KindFailed},
		{"no ID token", formats.POSIX, formats.IDToken, home, auth.Tokens{Access: "x"}, auth.KindFailed},
		{"no such format", formats.POSIX, "yaml", home, tokens("a"), auth.KindUsage},
		{"no address", formats.POSIX, formats.Curl, "", tokens("a"), auth.KindSetup},
		{"plain http", formats.POSIX, formats.Curl, "http://x.example.com", tokens("a"), auth.KindSetup},
		{"an option for an address", formats.POSIX, formats.Curl, "-ohttps://x.example.com", tokens("a"), auth.KindSetup},
		{"a line end in the address", formats.POSIX, formats.Curl, "https://x.example.com/\nid", tokens("a"), auth.KindSetup},
		{"a space in the address", formats.POSIX, formats.Curl, "https://x.example.com/ id", tokens("a"), auth.KindSetup},
		{"a quote in the host", formats.POSIX, formats.Curl, "https://x';id;'.example.com/", tokens("a"), auth.KindSetup},
		{"another script in the host", formats.POSIX, formats.Curl, "https://münchen.example/", tokens("a"), auth.KindSetup},
		{"a line end in the token", formats.POSIX, formats.Header, home, tokens("a\r\nX: y"), auth.KindProtocol},
		{"a line end in the token for a shell", formats.POSIX, formats.Env, home, tokens("a\nid"), auth.KindProtocol},
		{"an escape in the token", formats.POSIX, formats.Curl, home, tokens("a\x1b[2J"), auth.KindProtocol},
		{
			"a curly quote that PowerShell takes for a quote", formats.PowerShell, formats.Env, home, tokens("a\u2019;calc;\u2019"),
			auth.KindProtocol,
		},
		{"a double quote for PowerShell's programs", formats.PowerShell, formats.Curl, home, tokens(`a"b`), auth.KindProtocol},
	} {
		got, err := tt.shell.Text(tt.format, tt.address, tt.tokens)
		var e *auth.Error
		if got != "" || !errors.As(err, &e) || e.Kind != tt.kind {
			t.Errorf("%s: %q, %v; want an error of kind %s", tt.name, got.Reveal(), err, tt.kind)
		}
		if err != nil && strings.Contains(err.Error(), tt.tokens.Access.Reveal()) && len(tt.tokens.Access) > 1 {
			t.Errorf("%s: the error quotes the token: %v", tt.name, err)
		}
	}
}

// TestShellKeepsWords has a real shell take the lines apart again.
func TestShellKeepsWords(t *testing.T) {
	authtest.Need(t, "sh")
	for _, access := range []string{"a.b-c", "';id;'", "$(id)`id`", `a\'b"c`, "$HOME", "!!", "*", "~/-#&|<>;{}"} {
		line, err := formats.POSIX.Text(formats.Curl, home+"/';id;'?a=b&c=$(id)", tokens(access))
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("sh", "-c", `curl() { printf '%s\n' "$#" "$@"; }; `+line.Reveal()).CombinedOutput()
		if want := "3\n-H\nAuthorization: Bearer " + access + "\n" + home + "/%27;id;%27?a=b&c=$(id)\n"; err != nil || string(out) != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", access, err, out, want)
		}
		env, err := formats.POSIX.Text(formats.Env, "", tokens(access))
		if err != nil {
			t.Fatal(err)
		}
		out, err = exec.Command("sh", "-c", env.Reveal()+`; sh -c 'printf "%s" "$KEYFOB_TOKEN"'`).CombinedOutput()
		if err != nil || string(out) != access {
			t.Errorf("%s: %v %s", access, err, out)
		}
	}
}

func TestExecCredential(t *testing.T) {
	end := time.Date(2026, 3, 2, 13, 0, 0, 5e8, time.FixedZone("", 3600))
	got, err := formats.ExecCredential(formats.ExecV1Beta, `a"<b`, end)
	const want = `{
  "apiVersion": "client.authentication.k8s.io/v1beta1",
  "kind": "ExecCredential",
  "spec": {},
  "status": {
    "expirationTimestamp": "2026-03-02T12:00:00Z",
    "token": "a\"<b"
  }
}`
	if err != nil || got.Reveal() != want {
		t.Errorf("%s, %v; want %s", got.Reveal(), err, want)
	}
	got, err = formats.ExecCredential(formats.ExecV1, "a", time.Time{})
	var answer struct{ Status map[string]string }
	if err := errors.Join(err, json.Unmarshal([]byte(got.Reveal()), &answer)); err != nil || len(answer.Status) != 1 ||
		answer.Status["token"] != "a" {
		t.Errorf("without an end: %s, %v", got.Reveal(), err)
	}
}

// TestExecVersion answers what clients of Kubernetes ask for.
func TestExecVersion(t *testing.T) {
	const cluster = `"spec":{"cluster":{"server":"https://k8s.example.com","certificate-authority-data":"AA=="},"interactive":false}`
	for info, want := range map[string]string{
		"": formats.ExecV1,
		`{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",` + cluster + `}`:      formats.ExecV1,
		`{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential",` + cluster + `}`: formats.ExecV1Beta,
		`{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","spec":{}}`:       formats.ExecV1Beta,
	} {
		if got, err := formats.ExecVersion(info); err != nil || got != want {
			t.Errorf("%s: %q, %v", info, got, err)
		}
	}
	for info, says := range map[string]string{
		`{"apiVersion":"client.authentication.k8s.io/v1alpha1"}`: `"client.authentication.k8s.io/v1alpha1"`,
		`{"apiVersion":"client.authentication.k8s.io/v2"}`:       `"client.authentication.k8s.io/v2"`,
		`{}`:                           `version ""`,
		`{"apiVersion":"x\u001b[31m"}`: `"x\x1b[31m"`,
		`v1`:                           "KUBERNETES_EXEC_INFO cannot be read",
	} {
		if got, err := formats.ExecVersion(info); got != "" || auth.KindOf(err) != auth.KindUsage || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %q, %v", info, got, err)
		}
	}
}

// whole is a line of four words, of which the last two are quoted from end to
// end.
var whole = regexp.MustCompile(`^curl -H 'Authorization: Bearer (?:[!-&(-~]|'\\'')+' 'https?://[!-&(-~]+'$`)

func FuzzPOSIX(f *testing.F) {
	f.Add("a.b-c", "https://x.example.com/{a}?b='c'")
	f.Add("';id;'", "https://x.example.com")
	f.Fuzz(func(t *testing.T, access, address string) {
		line, err := formats.POSIX.Text(formats.Curl, address, tokens(access))
		if err != nil {
			return
		}
		if !whole.MatchString(line.Reveal()) {
			t.Fatalf("%q", line.Reveal())
		}
	})
}

// FuzzAddress compares what is made of an address with what net/url makes of it:
// nothing is called that the settings would not take, and what is called is
// what was written.
func FuzzAddress(f *testing.F) {
	for _, address := range []string{
		home, "HTTPS://x.example.com:8443?a=b%2Fc#top", "http://127.0.0.1:80/%7e/", "http://[::1]/a?", "https://x/über/{a}[1-9]%27?'",
		"https://user:pw@x/", "https://x:y/", "https://:80/", "https://[::1/", "https://::1/", "https://x/%zz", "https:x", "//x/y", "https://x%41/",
		"https://[x]/", "https://[::1]x/", "https://x]/", "http://127.0.0.1.example.com/", "-https://x/",
	} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		line, err := formats.POSIX.Text(formats.Curl, address, tokens("a"))
		if err != nil {
			return
		}
		_, called, _ := strings.Cut(strings.TrimSuffix(line.Reveal(), "'"), "a' '")
		page, _, _ := strings.Cut(address, "#")
		want, err := weburl.Secure(page)
		if err != nil {
			t.Fatalf("%q is called as %s: %v", address, called, err)
		}
		got, err := weburl.Secure(called)
		if err != nil {
			t.Fatalf("%q is called as %s: %v", address, called, err)
		}
		query, _ := url.QueryUnescape(got.RawQuery)
		wanted, err := url.QueryUnescape(want.RawQuery)
		if got.Scheme != want.Scheme || got.Host != want.Host || got.Path != want.Path || err == nil && query != wanted {
			t.Fatalf("%q is called as %s", address, called)
		}
	})
}
