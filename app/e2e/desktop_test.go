//go:build linux

package e2e_test

import (
	"encoding/json"
	"fmt"
	"image"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/godbus/dbus/v5"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/session"
)

// programs is where the programs under test are, each built once.
var programs struct {
	mu    sync.Mutex
	dir   string
	built map[string]error
}

func TestMain(m *testing.M) {
	// Under nohup SIGHUP is ignored, and the programs that are tested would inherit that.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	code := m.Run()
	if programs.dir != "" {
		if err := os.RemoveAll(programs.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

// sources says of what package each program is built, and whether with cgo.
var sources = map[string]struct{ pkg, cgo string }{
	"keyfob":        {"./app/command", "0"},
	"keyfob-tray":   {".", "0"},
	"keyfob-window": {"./tray/keyfob-window", "1"},
}

// build builds programs as they ship and returns their folder.
func build(t *testing.T, names ...string) string {
	t.Helper()
	root := npm.Root(t)
	programs.mu.Lock()
	defer programs.mu.Unlock()
	if programs.built == nil {
		dir, err := os.MkdirTemp("", "keyfob-e2e")
		if err != nil {
			t.Fatal(err)
		}
		programs.dir, programs.built = dir, map[string]error{}
	}
	for _, name := range names {
		err, done := programs.built[name]
		if !done {
			cmd := exec.Command("go", "build", "-o", filepath.Join(programs.dir, name), sources[name].pkg)
			cmd.Dir = root
			cmd.Env = append(os.Environ(), "CGO_ENABLED="+sources[name].cgo)
			if out, e := cmd.CombinedOutput(); e != nil {
				err = fmt.Errorf("%s: %w\n%s", name, e, out)
			}
			programs.built[name] = err
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return programs.dir
}

// desktop is a desktop with Keyfob's programs.
type desktop struct {
	*bed.Bed
	t *testing.T
}

func newDesktop(t *testing.T, o bed.Options) *desktop {
	t.Helper()
	return newDesktopWith(t, o, "keyfob", "keyfob-window")
}

// newDesktopWith is a desktop with some of Keyfob's programs. keyfob comes with
// keyfob-tray, without which it does next to nothing.
func newDesktopWith(t *testing.T, o bed.Options, names ...string) *desktop {
	t.Helper()
	authtest.NotShort(t, "it builds the programs and needs a desktop")
	if slices.Contains(names, "keyfob") {
		names = append(names, "keyfob-tray")
	}
	dir := build(t, names...)
	d := &desktop{bed.Start(t, o), t}
	for _, name := range names {
		// Beside each other and first on PATH, as a package installs them.
		if err := os.Symlink(filepath.Join(dir, name), filepath.Join(d.Dir, "bin", name)); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// newSignedInDesktop is a desktop on which a person has signed in to ThingWorx
// Plant 4 by the tray, which it returns as well.
func newSignedInDesktop(t *testing.T, s *npm.Server, o bed.Options) (*desktop, *bed.Process) {
	t.Helper()
	d := newDesktop(t, o)
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	app := d.startTray()
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	d.Browser.WaitEnd(1)
	return d, app
}

// program is the path of the command, which becomes the tray without a verb.
func (d *desktop) program() string { return filepath.Join(d.Dir, "bin", "keyfob") }

// whole is the path of the whole program.
func (d *desktop) whole() string { return filepath.Join(d.Dir, "bin", "keyfob-tray") }

// settings writes keyfob.toml, all at once as most editors do.
func (d *desktop) settings(text string) {
	d.t.Helper()
	dir := filepath.Join(d.Home, ".config", "keyfob")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		d.t.Fatal(err)
	}
	file := filepath.Join(dir, "keyfob.toml")
	if err := os.WriteFile(file+"~", []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	if err := os.Rename(file+"~", file); err != nil {
		d.t.Fatal(err)
	}
}

// tool is a table of keyfob.toml for a client of oidc-provider. consent is the
// condition on which that provider grants offline_access.
func tool(id, name string, s *npm.Server, client string, consent bool) string {
	text := fmt.Sprintf(
		"[tools.%s]\nname = %q\nhome = %q\nissuer = %q\nclient_id = %q\n",
		id,
		name,
		s.Issuer+"/api/hello",
		s.Issuer,
		client,
	)
	text += "scopes = [\"openid\", \"profile\", \"email\", \"offline_access\"]\nredirect = \"http://127.0.0.1/callback\"\n"
	if consent {
		text += "params = { prompt = \"consent\" }\n"
	}
	return text + "\n"
}

// startTray starts the tray as a menu does, and waits for its icon.
func (d *desktop) startTray(args ...string) *bed.Process {
	d.t.Helper()
	p := d.Start(d.whole(), args...)
	if d.Tray != nil {
		d.Tray.WaitIcon()
	}
	return p
}

// quitTray ends the tray by its menu.
func (d *desktop) quitTray(p *bed.Process) {
	d.t.Helper()
	d.Tray.Click("Quit")
	if code := d.Exit(p); code != 0 {
		d.t.Errorf("keyfob ended with %d", code)
	}
}

// result is how a run of the command line ended.
type result struct {
	code     int
	out, err string
}

// keyfob runs the command line to its end.
func (d *desktop) keyfob(args ...string) result {
	d.t.Helper()
	cmd := d.Command(d.program(), args...)
	var out strings.Builder
	cmd.Stdout = &out
	p := d.StartCommand(cmd)
	code := d.Exit(p)
	return result{code, out.String(), p.Output()}
}

// snapshot is what `keyfob status --json` says of a tool.
func (d *desktop) snapshot(tool string) session.Snapshot {
	d.t.Helper()
	got := d.keyfob("status", "--json", tool)
	var all []session.Snapshot
	if err := json.Unmarshal([]byte(got.out), &all); err != nil || len(all) != 1 {
		d.t.Fatalf("status: %v\n%s%s", err, got.out, got.err)
	}
	return all[0]
}

// copyToken presses "Copy token" and returns what is then on the clipboard.
func (d *desktop) copyToken(tool string) auth.Secret {
	d.t.Helper()
	before := d.Clipboard()
	d.Tray.Click(tool, "Copy token")
	var after string
	d.Wait("a token on the clipboard", func() bool {
		after = d.Clipboard()
		return after != "" && after != before
	})
	return auth.Secret(after)
}

// active reports whether the provider knows the token as a live one, of which
// client and person.
func active(t *testing.T, s *npm.Server, token auth.Secret) (is bool, client, person any) {
	t.Helper()
	claims, err := s.Introspect(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return claims["active"] == true, claims["client_id"], claims["sub"]
}

// differ reports whether anything in the rectangle differs.
func differ(a, b *image.RGBA, x0, y0, x1, y1 int) bool {
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				return true
			}
		}
	}
	return false
}

// tooltip is what the icon says when the mouse is over it.
func (d *desktop) tooltip() string {
	d.t.Helper()
	var tip struct {
		Icon string
		Pix  []struct {
			W, H int32
			Data []byte
		}
		Title, Text string
	}
	if err := dbus.Store([]any{d.Tray.Property("ToolTip")}, &tip); err != nil {
		d.t.Fatal(err)
	}
	return tip.Title
}
