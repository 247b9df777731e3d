//go:build bench && linux

package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
)

// gitCache is git's own cache of credentials, which holds the token as a
// password; nil where there is no git.
func gitCache(t *testing.T, b *bed.Bed) *contender {
	t.Helper()
	if !installed("git") {
		return nil
	}
	folder := filepath.Join(b.Dir, "git") // git wants it for itself
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(folder, "cache")
	run := func(action, input string) *exec.Cmd {
		cmd := b.Command("git", "credential-cache", "--timeout=36000", "--socket="+socket, action)
		cmd.Stdin = strings.NewReader(input)
		return cmd
	}
	const of = "protocol=https\nhost=bench.example.com\nusername=x\n"
	if out, err := run("store", of+"password="+token+"\n").CombinedOutput(); err != nil {
		t.Fatalf("git credential-cache: %v %s", err, out)
	}
	t.Cleanup(func() { _ = run("exit", "").Run() })
	return &contender{name: "git credential-cache", cmd: func() *exec.Cmd { return run("get", of) }}
}

// oidcAgent is oidc-agent's oidc-token, with an account at the provider; nil where
// it is not installed.
func oidcAgent(t *testing.T, b *bed.Bed, p *provider) *contender {
	t.Helper()
	if !installed("oidc-agent", "oidc-gen", "oidc-token") {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(b.Home, ".config", "oidc-agent"), 0o700); err != nil {
		t.Fatal(err)
	}
	const variable = "OIDC_SOCK"
	// It goes into the background, and the bed ends it.
	_, rest, _ := strings.Cut(b.Run("oidc-agent", "--no-autoload"), variable+"=")
	socket, _, _ := strings.Cut(rest, ";")
	b.Wait("oidc-agent", func() bool { return b.Listener(socket) != 0 })
	run := func(name string, args ...string) *exec.Cmd {
		cmd := b.Command(name, args...)
		cmd.Env = b.Env(variable + "=" + socket)
		return cmd
	}
	if out, err := run(
		"oidc-gen", "bench", "--manual", "--iss="+p.url+"/", "--client-id=x", "--client-secret=y", "--flow=refresh", "--rt=r",
		"--scope=openid offline_access", "--redirect-uri=http://localhost:8080", "--pw-cmd=echo x", "--prompt=none", "--confirm-default",
	).CombinedOutput(); err != nil {
		t.Fatalf("oidc-gen: %v %s", err, out)
	}
	return &contender{name: "oidc-token", cmd: func() *exec.Cmd { return run("oidc-token", "bench") }}
}
