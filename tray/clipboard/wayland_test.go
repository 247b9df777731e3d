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
)

// The part of wl-copy that is relied on: it takes the text from stdin, sets
// the clipboard, and leaves a process behind that ends with its ownership.
const wlCopyScript = `#!/bin/sh
dir=DIR
case "$*" in
--help) echo "Usage:"; echo "	HELP"; exit 0 ;;
esac
printf '%s' "$*" >$dir/args
env >$dir/env
cat >$dir/text
[ -e $dir/fail ] && exit 1
sleep 1000 &
echo $! >$dir/pid.new && mv $dir/pid.new $dir/pid
`

// wayland makes a desktop whose wl-copy is the script. It returns where that
// leaves what it got.
func wayland(t *testing.T, help string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	script := strings.NewReplacer("DIR", dir, "HELP", help).Replace(wlCopyScript)
	if err := os.WriteFile(filepath.Join(bin, "wl-copy"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("WAYLAND_DISPLAY", "wayland-1")
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("DISPLAY", "")
	t.Cleanup(func() {
		if pid := holder(dir); pid != 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	return dir
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// holder is the process that the script left behind, 0 for none.
func holder(dir string) int {
	b, _ := os.ReadFile(filepath.Join(dir, "pid"))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return pid
}

func TestWaylandCopies(t *testing.T) {
	dir := wayland(t, "--sensitive")
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	if got := read(t, dir, "text"); got != secret {
		t.Errorf("copied %q", got)
	}
	if got := read(t, dir, "args"); got != "--sensitive --type text/plain;charset=utf-8" {
		t.Errorf("arguments %q", got)
	}
	env := read(t, dir, "env")
	if strings.Contains(env, secret) || !strings.Contains(env, "\nTMPDIR="+dir+"\n") {
		t.Errorf("environment:\n%s", env)
	}
	if !c.Owned() {
		t.Error("not owned")
	}
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
	if c.Owned() {
		t.Error("still owned")
	}
}

func TestWaylandClearsInTime(t *testing.T) {
	wayland(t, "--sensitive")
	c := newClipboard(t)
	mustCopy(t, c, secret, 20*time.Millisecond)
	until(t, "cleared", func() bool { return !c.Owned() })
}

func TestWaylandNoticesAnotherCopy(t *testing.T) {
	dir := wayland(t, "--sensitive")
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	if err := syscall.Kill(holder(dir), syscall.SIGTERM); err != nil { // as it does by itself
		t.Fatal(err)
	}
	until(t, "lost", func() bool { return !c.Owned() })
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
}

func TestWaylandFails(t *testing.T) {
	dir := wayland(t, "--sensitive")
	if err := os.WriteFile(filepath.Join(dir, "fail"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := newClipboard(t)
	wantUnavailable(t, c.Copy(t.Context(), secret, 0))
	if c.Owned() {
		t.Error("owned")
	}
}

// A wl-copy that cannot mark a secret is given none.
func TestWaylandOldProgram(t *testing.T) {
	dir := wayland(t, "--primary")
	wantUnavailable(t, newClipboard(t).Copy(t.Context(), secret, 0))
	if _, err := os.Stat(filepath.Join(dir, "text")); err == nil {
		t.Error("it was given the secret")
	}
}

func TestWaylandFallsBackToX11(t *testing.T) {
	for _, help := range []string{"--primary", "--sensitive"} {
		x := desktop(t)
		dir := wayland(t, help)
		if err := os.WriteFile(filepath.Join(dir, "fail"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("DISPLAY", x.Display)
		mustCopy(t, newClipboard(t), secret, 0)
		if got := paste(t, "UTF8_STRING"); got != secret {
			t.Errorf("with %s: pasted %q", help, got)
		}
	}
}
