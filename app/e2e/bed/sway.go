//go:build linux

package bed

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"keyfob/auth/authtest"
)

// swayConfig has sway tell where it listens, once it does.
const swayConfig = `output HEADLESS-1 resolution 1280x800
exec sh -c 'printf "%s %s" "$WAYLAND_DISPLAY" "$DISPLAY" >"$XDG_RUNTIME_DIR/at~" && mv "$XDG_RUNTIME_DIR/at~" "$XDG_RUNTIME_DIR/at"'
`

// swayX has sway's X server take in whoever comes: else it would refuse the
// test itself where that is another user's.
const swayX = `#!/bin/sh
exec Xwayland "$@" -ac
`

// startSway starts sway, a Wayland desktop with an X server that comes up when
// somebody connects.
func (b *Bed) startSway(o Options) {
	b.t.Helper()
	authtest.Need(b.t, "sway", "Xwayland", "wl-copy", "wl-paste")
	// Another user cannot enter the bed's folder.
	dir, err := os.MkdirTemp("", "kfsway")
	if err != nil {
		b.t.Fatal(err)
	}
	b.swayDir = dir
	xwayland := "xwayland enable\n"
	if o.NoXwayland {
		xwayland = "xwayland disable\n"
	}
	b.write(filepath.Join(dir, "config"), xwayland+swayConfig, 0o644)
	b.write(filepath.Join(dir, "Xwayland"), swayX, 0o755)
	cmd := exec.Command("sway", "--config", filepath.Join(dir, "config"))
	cmd.Env = []string{
		marker + "=" + b.Dir, "PATH=" + os.Getenv("PATH"), "HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "LANG=C.UTF-8",
		"WLR_BACKENDS=headless", "WLR_LIBINPUT_NO_DEVICES=1", "WLR_RENDERER=pixman",
		"WLR_XWAYLAND=" + filepath.Join(dir, "Xwayland"),
	}
	if os.Geteuid() == 0 { // whom it refuses
		authtest.AsOther(b.t, cmd)
		if err := os.Chown(dir, authtest.SpareUser, authtest.SpareUser); err != nil {
			b.t.Fatal(err)
		}
	}
	cmd.Dir = dir
	b.Sway = b.StartCommand(cmd)
	b.Wait("sway", func() bool {
		if !b.Sway.Running() {
			b.t.Fatal("sway did not come up")
		}
		at, err := os.ReadFile(filepath.Join(dir, "at"))
		if err != nil {
			return false
		}
		wayland, x, _ := strings.Cut(string(at), " ")
		b.Wayland, b.Display = filepath.Join(dir, wayland), x
		return true
	})
}

// ClipboardTypes are the forms of what is on the clipboard of sway.
func (b *Bed) ClipboardTypes() []string {
	b.t.Helper()
	out, err := b.Command("wl-paste", "--list-types").Output()
	if err != nil {
		return nil // wl-paste fails when nobody owns the clipboard
	}
	return strings.Fields(string(out))
}

// ClipboardAs is the clipboard of sway in one of its forms.
func (b *Bed) ClipboardAs(kind string) string {
	b.t.Helper()
	out, err := b.Command("wl-paste", "--no-newline", "--type", kind).Output()
	if err != nil {
		return ""
	}
	return string(out)
}
