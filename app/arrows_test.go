package app_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImportsRunOneWay holds the arrows of the house: what each part may
// import of the project, and what must never be linked into `keyfob`.
func TestImportsRunOneWay(t *testing.T) {
	allowed := []struct {
		from string   // package or, with a slash at the end, a folder
		to   []string // what it may import of this project; a folder covers what is in it
	}{
		{"keyfob/auth/authtest/", []string{"keyfob/auth", "keyfob/auth/"}},
		{"keyfob/auth/session", []string{"keyfob/auth"}},
		{"keyfob/auth/wording", []string{"keyfob/auth", "keyfob/auth/session"}},
		{"keyfob/auth/inspect", []string{"keyfob/auth"}},
		{"keyfob/auth/", []string{"keyfob/auth", "keyfob/auth/", "keyfob/assets"}},
		{"keyfob/auth", nil},
		{"keyfob/assets/", nil},
		{"keyfob/assets", nil},
		{
			"keyfob/tray/window",
			[]string{
				"keyfob/app/agent",
				"keyfob/app/agent/person",
				"keyfob/app/check/report",
				"keyfob/app/setup/form",
				"keyfob/assets",
				"keyfob/auth",
				"keyfob/auth/inspect",
				"keyfob/auth/session",
				"keyfob/auth/wording",
				"keyfob/tray/window/widget",
			},
		},
		{"keyfob/tray/window/widget", []string{"keyfob/auth", "keyfob/assets"}},
		{
			"keyfob/tray/keyfob-window",
			[]string{
				"keyfob/app/agent",
				"keyfob/app/agent/person",
				"keyfob/app/setup/form",
				"keyfob/assets",
				"keyfob/auth",
				"keyfob/auth/inspect",
				"keyfob/auth/session",
				"keyfob/auth/wording",
				"keyfob/tray/internal/",
				"keyfob/tray/window",
			},
		},
		{"keyfob/tray", []string{"keyfob/auth", "keyfob/auth/session", "keyfob/auth/wording", "keyfob/assets", "keyfob/tray/"}},
		{"keyfob/tray/internal/", []string{"keyfob/auth/authtest"}}, // for tests
		{"keyfob/tray/clipboard", []string{"keyfob/auth", "keyfob/tray/clipboard/", "keyfob/tray/internal/"}},
		{"keyfob/tray/", []string{"keyfob/auth", "keyfob/auth/session", "keyfob/auth/wording", "keyfob/assets", "keyfob/tray/internal/"}},
		{"keyfob/app/check/report", nil},
		{"keyfob/app/setup/form", []string{"keyfob/app/check/report", "keyfob/auth", "keyfob/auth/wording"}},
		{"keyfob/app/agent", []string{"keyfob/app/agent/internal/wire", "keyfob/auth", "keyfob/auth/session"}},
		{"keyfob/app/agent/internal/wire", []string{"keyfob/app/ownfolder", "keyfob/auth", "keyfob/auth/session"}},
		{
			"keyfob/app/agent/server",
			[]string{
				"keyfob/app/agent",
				"keyfob/app/agent/internal/personops",
				"keyfob/app/agent/internal/wire",
				"keyfob/app/lock",
				"keyfob/app/ownfolder",
				"keyfob/app/setup/form",
				"keyfob/auth",
				"keyfob/auth/inspect",
				"keyfob/auth/session",
			},
		},
		{
			"keyfob/app/daemon",
			[]string{
				"keyfob/app/agent",
				"keyfob/app/agent/server",
				"keyfob/app/config",
				"keyfob/app/handover",
				"keyfob/app/holdings",
				"keyfob/app/lock",
				"keyfob/app/wholefile",
				"keyfob/auth",
				"keyfob/auth/engine",
				"keyfob/auth/inspect",
				"keyfob/auth/inspect/parse",
				"keyfob/auth/keychain",
				"keyfob/auth/oidc",
				"keyfob/auth/session",
				"keyfob/tray/presence",
			},
		},
		{
			"keyfob/app/desktop",
			[]string{
				"keyfob/app/agent",
				"keyfob/app/config",
				"keyfob/app/formats",
				"keyfob/app/prompts",
				"keyfob/app/wholefile",
				"keyfob/auth",
				"keyfob/auth/browser",
				"keyfob/auth/engine",
				"keyfob/auth/plainfile",
				"keyfob/auth/provider",
				"keyfob/auth/session",
				"keyfob/auth/wording",
				"keyfob/tray",
				"keyfob/tray/clipboard",
				"keyfob/tray/display",
				"keyfob/tray/notify",
				"keyfob/tray/presence",
				"keyfob/assets",
			},
		},
		{"keyfob/app/agent/internal/personops", []string{"keyfob/app/agent/internal/wire", "keyfob/app/setup/form", "keyfob/auth/inspect"}},
		{
			"keyfob/app/agent/person",
			[]string{
				"keyfob/app/agent",
				"keyfob/app/agent/internal/personops",
				"keyfob/app/agent/internal/wire",
				"keyfob/app/setup/form",
				"keyfob/auth/inspect",
			},
		},
		{
			"keyfob/app/caller",
			[]string{"keyfob/app/agent", "keyfob/app/folders", "keyfob/app/lock", "keyfob/app/process", "keyfob/app/start", "keyfob/auth"},
		},
		{
			"keyfob/app/command",
			[]string{"keyfob/app/caller", "keyfob/app/cli", "keyfob/app/formats", "keyfob/app/process", "keyfob/app/start", "keyfob/auth"},
		},
		{"keyfob/app/lock", []string{"keyfob/app/ownfolder", "keyfob/auth"}},
		{"keyfob/app/folders", []string{"keyfob/auth"}},
		{
			"keyfob/app/start",
			[]string{"keyfob/app/agent", "keyfob/app/lock", "keyfob/app/ownfolder", "keyfob/app/process", "keyfob/auth"},
		},
		{"keyfob/app/start/scope", []string{"keyfob/app/ownfolder"}},
		{"keyfob/app/ownfolder", []string{"keyfob/auth"}},
		{"keyfob/app/handover", []string{"keyfob/auth"}},
		{"keyfob/app/process", []string{"keyfob/auth"}},
		{"keyfob/app/formats", []string{"keyfob/auth"}},
		{
			"keyfob/app/cli",
			[]string{
				"keyfob/app/agent",
				"keyfob/app/formats",
				"keyfob/app/nearest",
				"keyfob/auth",
				"keyfob/auth/session",
				"keyfob/auth/wording",
			},
		},
		{
			"keyfob/app/cli/manage",
			[]string{
				"keyfob/app/autostart", "keyfob/app/check/report", "keyfob/app/cli", "keyfob/app/config", "keyfob/app/holdings",
				"keyfob/app/setup", "keyfob/app/setup/form", "keyfob/auth", "keyfob/auth/session",
			},
		},
		{
			"keyfob/app/holdings",
			[]string{"keyfob/app/config", "keyfob/app/ledger", "keyfob/app/lock", "keyfob/auth", "keyfob/auth/keychain"},
		},
		{
			"keyfob/app/setup",
			[]string{
				"keyfob/app/autostart",
				"keyfob/app/check",
				"keyfob/app/config",
				"keyfob/app/setup/form",
				"keyfob/app/ssosettings",
				"keyfob/auth",
				"keyfob/auth/oidc",
				"keyfob/auth/plainfile",
				"keyfob/auth/provider",
			},
		},
		{
			"keyfob/app/ssosettings",
			[]string{"keyfob/app/config", "keyfob/app/setup/form", "keyfob/auth", "keyfob/auth/provider", "keyfob/auth/weburl"},
		},
		{"keyfob/app/nearest", nil},
		{"keyfob/app/wholefile", nil},
		{
			"keyfob/app/config",
			[]string{
				"keyfob/app/nearest",
				"keyfob/app/wholefile",
				"keyfob/auth",
				"keyfob/auth/plainfile",
				"keyfob/auth/provider",
				"keyfob/auth/weburl",
			},
		},
		{"keyfob/app/", []string{"keyfob/app/", "keyfob/auth", "keyfob/auth/", "keyfob/tray", "keyfob/tray/", "keyfob/assets"}},
		{"keyfob/app", []string{"keyfob/app/", "keyfob/auth", "keyfob/auth/", "keyfob/tray", "keyfob/tray/", "keyfob/assets"}},
		{"keyfob", []string{"keyfob/app"}},
	}
	covers := func(pattern, pkg string) bool {
		return pattern == pkg || strings.HasSuffix(pattern, "/") && strings.HasPrefix(pkg, pattern)
	}
	checked := 0
	for line := range strings.Lines(goList(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "keyfob/...")) {
		words := strings.Fields(line)
		pkg, imports := words[0], words[1:]
		i := slices.IndexFunc(allowed, func(a struct {
			from string
			to   []string
		},
		) bool {
			return covers(a.from, pkg)
		})
		if i < 0 {
			t.Errorf("no rule covers %s", pkg)
			continue
		}
		for _, dep := range imports {
			if dep != "keyfob" && !strings.HasPrefix(dep, "keyfob/") {
				continue
			}
			checked++
			if !slices.ContainsFunc(allowed[i].to, func(p string) bool { return covers(p, dep) }) {
				t.Errorf("%s must not import %s", pkg, dep)
			}
			if strings.HasPrefix(dep, "keyfob/app/cli") && pkg != "keyfob/app" && pkg != "keyfob/app/command" &&
				!strings.HasPrefix(pkg, "keyfob/app/cli") {
				t.Errorf("%s must not import %s: only the two programs know the command line", pkg, dep)
			}
		}
	}
	if checked == 0 {
		t.Error("no import was checked")
	}

	// Who only shows a session does not link what signs in and keeps tokens.
	for _, from := range []string{
		"keyfob/auth/session", "keyfob/auth/wording", "keyfob/tray", "keyfob/tray/window", "keyfob/tray/keyfob-window", "keyfob/app/agent",
	} {
		for _, dep := range strings.Fields(goList(t, "-deps", from)) {
			switch {
			case dep == "keyfob/auth/engine",
				dep == "keyfob/auth/oidc",
				dep == "keyfob/auth/keychain",
				dep == "keyfob/auth/loopback",
				dep == "keyfob/auth/inspect/parse",
				strings.HasPrefix(
					dep,
					"golang.org/x/oauth2",
				),
				strings.HasPrefix(dep, "github.com/coreos/go-oidc"),
				strings.HasPrefix(dep, "github.com/zalando/go-keyring"):
				t.Errorf("%s links %s", from, dep)
			}
		}
	}
	// A program that only asks an engine links the command line.
	cli := strings.Fields(goList(t, "-deps", "keyfob/app/cli"))
	for _, dep := range cli {
		switch {
		case slices.Contains([]string{"flag", "net/http", "crypto/tls", "os/user", "regexp", "text/template", "text/tabwriter"}, dep),
			strings.Contains(dep, ".") && !strings.HasPrefix(dep, "vendor/"):
			t.Errorf("the command line links %s", dep)
		}
	}
	if len(cli) > 90 {
		t.Errorf("the command line links %d packages", len(cli))
	}
	// Every command asks where the engine is.
	for _, dep := range strings.Fields(goList(t, "-deps", "keyfob/app/folders")) {
		if strings.HasPrefix(dep, "keyfob/") && dep != "keyfob/auth" && dep != "keyfob/app/folders" ||
			strings.Contains(dep, ".") && !strings.HasPrefix(dep, "vendor/") || dep == "os/user" || dep == "os/exec" {
			t.Errorf("the names of the folders link %s", dep)
		}
	}
	// A client starts with every command, and keeps no lock.
	for _, dep := range strings.Fields(goList(t, "-deps", "keyfob/app/agent")) {
		if dep == "net/http" || dep == "regexp" || dep == "keyfob/app/lock" || dep == "github.com/gofrs/flock" {
			t.Errorf("the engine's clients link %s", dep)
		}
	}
	for _, dep := range strings.Fields(goList(t, "-deps", "keyfob")) {
		if strings.HasPrefix(dep, "fyne.io/fyne/") || strings.Contains(dep, "glfw") || strings.HasPrefix(dep, "keyfob/auth/authtest") {
			t.Errorf("keyfob links %s", dep)
		}
	}
	for _, dep := range strings.Fields(goList(t, "-deps", "keyfob/auth/...")) {
		if strings.HasPrefix(dep, "fyne.io/") {
			t.Errorf("auth links %s", dep)
		}
	}
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	return string(out)
}
