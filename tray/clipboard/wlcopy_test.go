//go:build linux || freebsd || openbsd || netbsd

package clipboard_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/tray/internal/waytest"
)

// The part of wl-clipboard that is relied on, on a desktop that keeps what was
// copied, as GNOME's does: wl-copy takes the text from stdin and leaves a
// process behind, which ends when another text is copied; wl-paste prints it.
const wlCopyScript = `#!/bin/sh
dir=DIR
case "$*" in
--help) echo "Usage:"; echo "	HELP"; exit 0 ;;
esac
printf '%s' "$*" >>$dir/args
env >$dir/env
[ -e $dir/fail ] && exit 1
cat >$dir/text
[ -e $dir/pid ] && kill $(cat $dir/pid)
sleep 1000 >/dev/null 2>&1 &
echo $! >$dir/pid.new && mv $dir/pid.new $dir/pid
`

const wlPasteScript = `#!/bin/sh
[ -e DIR/deaf ] || cat DIR/text
`

// windowsOnly is a Wayland desktop without data control, whose wl-copy and
// wl-paste are the scripts. It returns where those leave what they got.
func windowsOnly(t *testing.T, help string) (dir string) {
	t.Helper()
	waytest.Compositor(t, []string{"wl_seat", "wl_data_device_manager"}, nil)
	dir = t.TempDir()
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{"wl-copy": wlCopyScript, "wl-paste": wlPasteScript} {
		script = strings.NewReplacer("DIR", dir, "HELP", help).Replace(script)
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("DISPLAY", "")
	t.Cleanup(func() {
		if pid := server(dir); pid != 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	return dir
}

func get(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// server is the process that the script left behind, 0 for none.
func server(dir string) int {
	b, _ := os.ReadFile(filepath.Join(dir, "pid"))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return pid
}

func TestWlCopyCopies(t *testing.T) {
	dir := windowsOnly(t, "--sensitive")
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	if got := get(t, dir, "text"); got != secret || !c.Owned() {
		t.Errorf("copied %q; owned: %v", got, c.Owned())
	}
	if got := get(t, dir, "args"); got != "--sensitive --type text/plain;charset=utf-8" {
		t.Errorf("arguments %q", got)
	}
	env := get(t, dir, "env")
	if strings.Contains(env, secret) || !strings.Contains(env, "\nTMPDIR="+dir+"\n") {
		t.Errorf("environment:\n%s", env)
	}
}

// The desktop has what was copied last also when nobody serves it any more.
func TestWlCopyClears(t *testing.T) {
	for _, how := range []string{"Clear", "Close", "its time"} {
		dir := windowsOnly(t, "--sensitive")
		c := newClipboard(t)
		after := time.Duration(0)
		if how == "its time" {
			after = 20 * time.Millisecond
		}
		mustCopy(t, c, secret, after)
		var err error
		switch how {
		case "Clear":
			err = c.Clear()
		case "Close":
			err = c.Close()
		}
		if err != nil {
			t.Errorf("%s: %v", how, err)
		}
		until(t, "cleared by "+how, func() bool { return !c.Owned() })
		if got := get(t, dir, "text"); strings.TrimSpace(got) != "" {
			t.Errorf("%s: the desktop has %q", how, got)
		}
	}
}

func TestWlCopyLeavesWhatOthersCopied(t *testing.T) {
	dir := windowsOnly(t, "--sensitive")
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	put(t, dir, "text", "theirs")
	if err := syscall.Kill(server(dir), syscall.SIGTERM); err != nil { // as it does by itself
		t.Fatal(err)
	}
	until(t, "lost", func() bool { return !c.Owned() })
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
	if got := get(t, dir, "text"); got != "theirs" {
		t.Errorf("the desktop has %q", got)
	}
	put(t, dir, "text", secret) // a manager brings it back
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
	if got := get(t, dir, "text"); got != "" {
		t.Errorf("the desktop has %q", got)
	}
}

func TestWlCopyFails(t *testing.T) {
	for _, how := range []string{"fail", "deaf"} { // "deaf" takes the text and loses it
		dir := windowsOnly(t, "--sensitive")
		put(t, dir, how, "")
		c := newClipboard(t)
		wantUnavailable(t, c.Copy(t.Context(), secret, 0))
		if c.Owned() {
			t.Errorf("%s: owned", how)
		}
	}
}

// A wl-copy that cannot mark a secret is given none.
func TestWlCopyIsTooOld(t *testing.T) {
	dir := windowsOnly(t, "--primary")
	err := newClipboard(t).Copy(t.Context(), secret, 0)
	wantUnavailable(t, err)
	if err != nil && !strings.Contains(err.Error(), "wl-clipboard 2.3") {
		t.Errorf("the error does not tell what to install: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "text")); err == nil {
		t.Error("it was given the secret")
	}
}

// An X server whose clipboard the desktop does not fetch from is no way to it;
// one that does is the first to be tried.
func TestTheXServerOfADesktopWithoutDataControl(t *testing.T) {
	x := desktop(t)
	dir := windowsOnly(t, "--sensitive")
	t.Setenv("DISPLAY", x.Display)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	if got := get(t, dir, "text"); got != secret {
		t.Errorf("wl-copy got %q", got)
	}
	if err := os.Remove(filepath.Join(dir, "text")); err != nil {
		t.Fatal(err)
	}
	go fetch(t, x.Display) // as GNOME does, sooner or later
	mustCopy(t, c, secret, 0)
	if _, err := os.Stat(filepath.Join(dir, "text")); err == nil {
		t.Error("wl-copy got it, too")
	}
	if got := paste(t, "UTF8_STRING"); got != secret {
		t.Errorf("pasted %q", got)
	}
}
