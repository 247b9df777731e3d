package main_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// most is how many packages the thin command may link.
const most = 90

// tooMuch is what it must never link, with all that is below.
var tooMuch = []string{
	"net", "crypto", "os/user", "os/exec", "regexp", "text/template", "html/template", "log/slog", "log", "flag", "math/big",
	"golang.org/x/text", "golang.org/x/sys/windows", "golang.org/x/net", "golang.org/x/oauth2", "github.com", "fyne.io",
	"keyfob/tray", "keyfob/assets", "keyfob/app/config", "keyfob/app/daemon", "keyfob/app/desktop", "keyfob/app/agent/server",
	"keyfob/auth/engine", "keyfob/auth/oidc", "keyfob/auth/keychain", "keyfob/auth/loopback", "keyfob/auth/browser",
}

// TestLittleIsLinked counts what each system's command links. Each package costs
// every start, before the command does anything.
func TestLittleIsLinked(t *testing.T) {
	for _, system := range []string{"linux", "windows", "darwin"} {
		cmd := exec.Command("go", "list", "-deps", ".")
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go list for %s: %v", system, err)
		}
		all := strings.Fields(string(out))
		if len(all) > most {
			t.Errorf("%s: %d packages are linked, %d may be", system, len(all), most)
		}
		if !slices.Contains(all, "keyfob/app/cli") {
			t.Errorf("%s: the list holds no command line: %v", system, all)
		}
		for _, pkg := range all {
			if slices.ContainsFunc(tooMuch, func(bad string) bool { return pkg == bad || strings.HasPrefix(pkg, bad+"/") }) {
				t.Errorf("%s: %s is linked", system, pkg)
			}
		}
	}
}
