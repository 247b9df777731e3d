//go:build unix

package main_test

import (
	"path/filepath"
	"strings"
	"testing"

	"keyfob/auth"
)

// good are command lines that ask an engine, or nobody.
var good = []string{
	"token plant4", "token plant4 --header", "token plant4 --curl", "token plant4 --env", "token plant4 --json",
	"--config %s token plant4", "token plant4 --exec-credential", "token plant4 --id-token",
	"token plant4 --id-token --exec-credential", "token plant4 --min-valid 1h", "token plant5", "token nonsense",
	"token slow", "token locked", "token gone", "token -- plant4", "status", "status --json", "status plant4",
	"status plant5 --json", "status nonsense", "status gone", "logout plant4", "logout plant4 --local", "logout --all",
	"logout --all --local", "logout nonsense", "logout gone", "version", "--version", "quit", "quit --wait=false",
	"help", "-h", "--help", "help help", "help token", "help status", "help logout", "help login", "help tools",
	"help check", "help agent", "help autostart", "help demo", "help version", "help quit", "help background-engine",
	"token --help", "tools add -h", "status nonsense -h",
}

// bad are command lines that nobody meant.
var bad = []string{
	"tokn", "token", "token a b", "token plant4 --hedaer", "token plant4 --header --json",
	"token plant4 --min-valid soon", "token plant4 --min-valid", "token plant4 --header=perhaps",
	"token plant4 --id-token --curl", "token ---x", "token --=x", "token plant4 --config", "--config",
	"--confg x token", "--config /none/keyfob.toml token plant4", "status --config /none/keyfob.toml",
	"logout --config=/none/keyfob.toml --all", "status a b", "status --jsn", "logout", "logout plant4 --all",
	"logout --al", "logout a b", "quit now", "quit --wiat", "version 1", "help nonsense", "tools lst",
	"tools secret plant4 hunter2", "tools secret plant4 --client-secret hunter2", "tools show --json", "tools add",
	"tools add x --ports a", "login", "login a b", "login --browser x", "check", "check a b", "autostart perhaps",
	"demo --headles", "agent x", "tray now", "keychain-helper x", "-", "-- tokn", "", "\x1b[31m", "ü",
	"login plant4 --prompt none --prompt", "login plant4 --timeout x",
}

// TestBothProgramsSayTheSame types each line to the thin command and to the whole
// program, with one engine.
func TestBothProgramsSayTheSame(t *testing.T) {
	dir := programs(t)
	p := newPlace(t)
	serve(t, p)
	settings := filepath.Join(p.home, "keyfob.toml")
	write(t, settings, "", 0o600)
	check := func(line string, args []string, env ...string) result {
		t.Helper()
		thin, whole := p.run(t, filepath.Join(dir, "keyfob"), args, env...), p.run(t, filepath.Join(dir, "keyfob-tray"), args, env...)
		if thin != whole {
			t.Errorf("%q %q:\nthe thin command: %+v\nthe whole program: %+v", line, env, thin, whole)
		}
		return thin
	}
	codes := map[int]int{}
	for _, line := range good {
		got := check(line, strings.Fields(strings.ReplaceAll(line, "%s", settings)))
		codes[got.code]++
		if got.out == "" && got.err == "" && !strings.HasPrefix(line, "quit") {
			t.Errorf("%q says nothing", line)
		}
	}
	for _, code := range []int{0, 2, 3, 4, 5} {
		if codes[code] == 0 {
			t.Errorf("no line ends with %d", code)
		}
	}
	for _, line := range bad {
		args := strings.Split(line, " ")
		if got := check(line, args); got.code != 2 || got.out != "" || !strings.HasPrefix(got.err, "keyfob: ") {
			t.Errorf("%q: %+v, want a usage error", line, got)
		}
	}
	for _, env := range []string{
		"KEYFOB_CONFIG=/none/keyfob.toml", "KEYFOB_CONFIG=keyfob.toml", "KUBERNETES_EXEC_INFO=x", "XDG_RUNTIME_DIR=", "HOME=", "HOME=/none",
		`KUBERNETES_EXEC_INFO={"apiVersion":"client.authentication.k8s.io/v1beta1"}`, "XDG_RUNTIME_DIR=" + p.home,
	} {
		for _, line := range []string{"token plant4 --exec-credential", "token plant4", "status", "logout plant4", "version"} {
			if strings.HasPrefix(env, "XDG_RUNTIME_DIR=") && line != "version" {
				continue // which would start an engine elsewhere
			}
			check(line, strings.Fields(line), env)
		}
	}
}

// TestAnswersThatAreNoAnswers has something else than an engine answer: no word of
// it is printed, and both programs say what is wrong.
func TestAnswersThatAreNoAnswers(t *testing.T) {
	dir := programs(t)
	huge := `{"v":2,"ok":true,"tokens":{"access":"` + strings.Repeat("secret", 3<<20) + `"}}`
	for _, tt := range []struct {
		name, says string
		code       string
		exit       int
	}{
		{"nothing", "", auth.CodeAgentGone, 4},
		{"half a line", `{"v":2,"ok":true,"tokens":{"access":"secr`, auth.CodeAgentGone, 4},
		{"garbage", "\x00\xff secret \n", auth.CodeAgentReply, 1},
		{"HTTP", "HTTP/1.1 200 OK\r\n\r\nsecret", auth.CodeAgentReply, 1},
		{"an empty line", "\n", auth.CodeAgentReply, 1},
		{"a list", `[{"v":2,"ok":true,"tokens":{"access":"secret"}}]` + "\n", auth.CodeAgentReply, 1},
		{"no token", `{"v":2,"ok":true}` + "\n", auth.CodeAgentReply, 1},
		{"a token of another shape", `{"v":2,"ok":true,"tokens":{"access":["secret"]}}` + "\n", auth.CodeAgentVersion, 1},
		{"another version", `{"v":99,"ok":true,"tokens":{"access":"secret"}}` + "\n", auth.CodeAgentVersion, 1},
		{"both", `{"v":2,"ok":true,"error":{"kind":"setup","what":"x"},"tokens":{"access":"secret"}}` + "\n", auth.CodeAgentReply, 1},
		{"17 MiB", huge + "\n", auth.CodeAgentReply, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlace(t)
			pretend(t, p, tt.says)
			thin := p.run(t, filepath.Join(dir, "keyfob"), []string{"token", "plant4"})
			whole := p.run(t, filepath.Join(dir, "keyfob-tray"), []string{"token", "plant4"})
			if thin != whole || thin.code != tt.exit || thin.out != "" || strings.Contains(thin.err, "secret") ||
				!strings.HasPrefix(thin.err, "keyfob: ") {
				t.Errorf("the thin command: %+v\nthe whole program: %+v\nwant %d", thin, whole, tt.exit)
			}
		})
	}
}
