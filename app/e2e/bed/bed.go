//go:build linux

package bed

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
)

// Options says how the desktop differs from one with all parts.
type Options struct {
	Keyring    Keyring // unlocked, unless it says otherwise
	NoTray     bool    // no StatusNotifier watcher of the bed's own
	NoNotes    bool    // no notification server of the bed's own
	Windows    bool    // openbox manages the windows
	Panel      bool    // xfce4-panel is the tray's host, instead of the bed's own watcher
	LXQt       bool    // lxqt-panel is
	Dunst      bool    // dunst is the notification server, instead of the bed's own
	Notifyd    bool    // xfce4-notifyd is, as soon as somebody has something to tell
	NoDisplay  bool
	NoGLX      bool   // the X server has no OpenGL
	Sway       bool   // sway is the desktop, on Wayland, instead of an X server
	NoXwayland bool   // sway has no X server
	NoBus      bool   // no session bus, and so nothing that needs one
	Theme      string // "light" or "dark": how panel, notifications and windows are drawn; "" leaves it to them
}

// Bed is a running desktop.
type Bed struct {
	Dir     string // everything the bed writes, for a short time
	Home    string // HOME; the XDG folders are below it
	Runtime string // XDG_RUNTIME_DIR
	Display string // ":7", or "" without a display
	Wayland string // WAYLAND_DISPLAY, "" without sway
	Sway    *Process
	Bus     *dbus.Conn
	Tray    *Tray    // nil if the bed shows no icons itself
	Notes   *Notes   // nil if the bed takes no notifications itself
	Server  *Process // the notification server where that is dunst, else nil
	Browser *Browser // what opens when a program opens an address

	t       testing.TB
	guard   *guard
	theme   string
	root    string
	address string // of the bus
	swayDir string // sway's own, if there is one
	keyring *Process
	procs   []*Process
	options Options
	desktop []*Process // those of procs that are the desktop itself
}

// patience is how long the bed waits for anything before it calls it broken.
// It is no measure of speed.
const patience = 60 * time.Second

// marker is the variable in the environment of the bed's processes, by which
// those that lost their parent are found at the end.
const marker = "KEYFOB_TEST_BED"

// Start brings the desktop up, and takes it down when the test ends. Parts
// that are not installed are handled as [authtest.Need] says.
func Start(t testing.TB, o Options) *Bed {
	t.Helper()
	if !o.NoDisplay {
		authtest.NotShort(t, "it needs a desktop")
	}
	// Not t.TempDir: the path of a unix socket holds 107 bytes at most.
	dir, err := os.MkdirTemp("", "kfbed")
	if err != nil {
		t.Fatal(err)
	}
	b := &Bed{t: t, theme: o.Theme, root: npm.Root(t), Dir: dir, Home: filepath.Join(dir, "home"), Runtime: filepath.Join(dir, "run")}
	if b.guard, err = startGuard(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.stop)
	for _, d := range []string{
		b.Home, b.Runtime, b.path("bin"), b.path("home/.config"), b.path("home/.cache"), b.path("home/.local/share"), b.path("home/.local/state"),
	} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	b.Browser = newBrowser(b)
	b.bringUp(o)
	b.options, b.desktop = o, slices.Clone(b.procs)
	return b
}

// bringUp starts the desktop's parts.
func (b *Bed) bringUp(o Options) {
	b.t.Helper()
	switch {
	case o.Sway:
		b.startSway(o)
	case !o.NoDisplay:
		b.startScreen(o)
		if o.Windows {
			authtest.Need(b.t, "openbox")
			b.Start("openbox")
		}
	}
	if o.NoBus {
		return
	}
	b.startBus()
	b.startKeyring(o.Keyring)
	switch {
	case o.Panel:
		b.StartPanel()
	case o.LXQt:
		b.StartLXQtPanel()
	case !o.NoTray:
		b.Tray = newTray(b)
	}
	switch {
	case o.Dunst:
		b.startDunst()
	case o.Notifyd:
		b.enableNotifyd()
	case !o.NoNotes:
		b.Notes = newNotes(b)
	}
}

// Env is the environment of a program on this desktop, with changes in the
// form NAME=value added.
func (b *Bed) Env(changes ...string) []string {
	env := []string{
		marker + "=" + b.Dir,
		"PATH=" + b.path("bin") + ":" + os.Getenv("PATH"),
		"HOME=" + b.Home,
		"XDG_CONFIG_HOME=" + b.path("home/.config"),
		"XDG_CACHE_HOME=" + b.path("home/.cache"),
		"XDG_DATA_HOME=" + b.path("home/.local/share"),
		"XDG_STATE_HOME=" + b.path("home/.local/state"),
		"XDG_RUNTIME_DIR=" + b.Runtime,
		"TMPDIR=" + b.Dir,
		"LANG=C.UTF-8",
		"TZ=UTC",
		"LIBGL_ALWAYS_SOFTWARE=1",
		"NO_AT_BRIDGE=1",
		"GTK_A11Y=none",
	}
	switch b.theme {
	case "light":
		env = append(env, "GTK_THEME=Adwaita", "FYNE_THEME=light")
	case "dark":
		env = append(env, "GTK_THEME=Adwaita:dark", "FYNE_THEME=dark")
	}
	if b.Display != "" {
		env = append(env, "DISPLAY="+b.Display)
	}
	if b.Wayland != "" {
		env = append(env, "WAYLAND_DISPLAY="+b.Wayland)
	}
	if b.address != "" {
		env = append(env, "DBUS_SESSION_BUS_ADDRESS="+b.address, "DBUS_SYSTEM_BUS_ADDRESS="+b.address) // one bus plays both
	} else {
		env = append(env, "DBUS_SYSTEM_BUS_ADDRESS=unix:path="+b.path("nobody"))
	}
	if dir := os.Getenv("GOCOVERDIR"); dir != "" {
		env = append(env, "GOCOVERDIR="+dir)
	}
	return append(env, changes...)
}

// Command is a program to run on this desktop by the test itself.
func (b *Bed) Command(name string, args ...string) *exec.Cmd {
	return b.command(context.Background(), name, args...)
}

func (b *Bed) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = time.Second // others may hold its output open
	cmd.Dir = b.Home
	cmd.Env = b.Env()
	return cmd
}

// Run runs a program to its end and returns what it printed on stdout. The
// test fails if it fails.
func (b *Bed) Run(name string, args ...string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	out, err := b.command(ctx, name, args...).Output()
	if err != nil {
		if exit, ok := err.(*exec.ExitError); ok {
			b.t.Fatalf("%s: %v\n%s%s", name, err, out, exit.Stderr)
		}
		b.t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

// Wait waits until ready says so. what completes "waited in vain for".
func (b *Bed) Wait(what string, ready func() bool) {
	b.t.Helper()
	for end := time.Now().Add(patience); !ready(); time.Sleep(25 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// Artifact names a file that outlives the bed, in the folder artifacts of the
// module.
func (b *Bed) Artifact(name string) string {
	b.t.Helper()
	dir := filepath.Join(b.root, "artifacts")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// EachFile reads every file that programs left in the bed, for tests of what must
// not be there. Sockets and the like are left out.
func (b *Bed) EachFile(read func(path string, content []byte)) {
	b.t.Helper()
	err := filepath.WalkDir(b.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // files come and go while programs run
		}
		if content, err := os.ReadFile(path); err == nil {
			read(path, content)
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *Bed) path(below string) string { return filepath.Join(b.Dir, filepath.FromSlash(below)) }

func (b *Bed) write(path, content string, mode os.FileMode) {
	b.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		b.t.Fatal(err)
	}
}

// stop takes the desktop down, and on a failure first keeps what helps to
// understand it.
func (b *Bed) stop() {
	if b.t.Failed() {
		if b.Display != "" && b.Wayland == "" {
			if err := b.shoot(b.Artifact("FAILED-" + strings.ReplaceAll(b.t.Name(), "/", "-") + ".png")); err != nil {
				b.t.Logf("no picture of the screen: %v", err)
			}
		}
		for _, p := range b.procs {
			if out := p.Output(); out != "" {
				b.t.Logf("%s printed:\n%s", p.Name, out)
			}
		}
		if seen, err := os.ReadFile(b.Browser.log); err == nil {
			b.t.Logf("the browser saw:\n%s", seen)
		}
	}
	if b.Bus != nil {
		b.Bus.Close()
	}
	for i := len(b.procs) - 1; i >= 0; i-- {
		b.procs[i].Kill()
	}
	if err := b.killStrays(); err != nil {
		b.t.Error(err)
	}
	for _, dir := range []string{b.Dir, b.swayDir} {
		if err := os.RemoveAll(dir); err != nil {
			b.t.Logf("the bed's folder stays: %v", err)
		}
	}
	b.guard.stop()
}
