package browser_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/browser"
)

const address = "https://id.example.com/authorize?client_id=a%20b&state=st4te&scope=openid+email"

// opener puts a script named xdg-open alone on PATH and gives the folder that
// it works in.
func opener(t *testing.T, script string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if script != "" {
		text := "#!/bin/sh\ncd '" + dir + "' || exit 9\n" + script + "\n"
		if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	for _, name := range []string{"BROWSER", "WSL_DISTRO_NAME", "WSL_INTEROP"} {
		t.Setenv(name, "")
	}
	return dir
}

// asked gives the arguments of every call of the opener.
func asked(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "asked"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(b)
}

const note = `for a in "$@"; do printf '[%s]' "$a" >> asked; done`

func TestOpensTheAddress(t *testing.T) {
	for _, url := range []string{address, "http://127.0.0.1:4000/authorize?state=s", "http://localhost:4000/", "http://[::1]:4000/"} {
		dir := opener(t, note)
		if err := browser.Open(t.Context(), url); err != nil {
			t.Errorf("%s: %v", url, err)
		}
		if got := asked(t, dir); got != "["+url+"]" {
			t.Errorf("the opener got %s", got)
		}
	}
}

func TestRefusedAddresses(t *testing.T) {
	dir := opener(t, note)
	for _, url := range []string{
		"", "--version", "-x", "file:///etc/passwd", "javascript:alert(1)", "http://id.example.com/", "ftp://id.example.com/",
		"https://id.example.com/\n--x", "https://id.example.com/\x00", "https://id.example.com/ a", `\\server\share`, "//id.example.com/",
		"https://user:pw@id.example.com/", "https:///path", "https://id.example.com/ #x", "id.example.com", `https://id.example.com/"&calc`,
		"https://id.example.com/`id`", "https://id.example.com/<x>", "https://id.example.com/\u202egnp", "https://id.example.com/\u0085",
		"https://id.example.com/{a}?state=canary", "mailto:a@example.com",
	} {
		err := browser.Open(t.Context(), url)
		var e *auth.Error
		if !errors.As(err, &e) || e.Kind != auth.KindSetup || e.Code != "bad_url" {
			t.Errorf("%q: %v", url, err)
		}
		if strings.Contains(fmt.Sprintf("%v %+v", err, e), "canary") {
			t.Error("the error holds the address")
		}
	}
	if got := asked(t, dir); got != "" {
		t.Errorf("the opener was run: %s", got)
	}
}

func TestOpenerThatFails(t *testing.T) {
	for name, script := range map[string]string{"is missing": "", "fails": "exit 3", "is killed": "kill -9 $$"} {
		t.Run(name, func(t *testing.T) {
			opener(t, script)
			err := browser.Open(t.Context(), address)
			var e *auth.Error
			if !errors.As(err, &e) || e.Kind != auth.KindFailed || e.Code != "browser" || !strings.Contains(e.Do, "copy") {
				t.Fatalf("err = %#v", err)
			}
			if strings.Contains(err.Error(), "st4te") || strings.Contains(e.Err.Error(), "st4te") {
				t.Errorf("the error holds the address: %v, %v", err, e.Err)
			}
		})
	}
}

// A person's browser may run for as long as the person likes.
func TestOpenerThatHangs(t *testing.T) {
	dir := opener(t, note+"\nread line < gate")
	gate := filepath.Join(dir, "gate")
	if err := syscall.Mkfifo(gate, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := browser.Open(t.Context(), address); err != nil {
		t.Errorf("err = %v", err)
	}
	if asked(t, dir) == "" {
		t.Error("the opener was not run")
	}
	release(t, gate)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := browser.Open(ctx, address); auth.KindOf(err) != auth.KindCanceled {
		t.Errorf("cancelled before: %v", err)
	}
	if n := strings.Count(asked(t, dir), "["); n != 1 {
		t.Errorf("the opener was run %d times", n)
	}
	ctx, cancel = context.WithCancel(t.Context())
	go func() {
		for strings.Count(asked(t, dir), "[") < 2 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if err := browser.Open(ctx, address); auth.KindOf(err) != auth.KindCanceled {
		t.Errorf("cancelled while it hangs: %v", err)
	}
	release(t, gate)
}

// release lets a hanging opener end.
func release(t *testing.T, gate string) {
	t.Helper()
	f, err := os.OpenFile(gate, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.WriteString(f, "go\n"); err != nil {
		t.Error(err)
	}
}

// Programs read our standard output: nothing of the opener's may be in it.
func TestOpenerThatPrints(t *testing.T) {
	opener(t, "echo on-stdout; echo on-stderr >&2; [ -t 0 ] && echo terminal; exit 0")
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	// Descriptors 1 and 2 themselves, as a child would inherit them.
	for _, fd := range []int{1, 2} {
		saved, err := syscall.Dup(fd)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Dup3(int(out.Fd()), fd, 0); err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = syscall.Dup3(saved, fd, 0)
			_ = syscall.Close(saved)
		}()
	}
	if err := browser.Open(t.Context(), address); err != nil {
		t.Error(err)
	}
	b, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	if len(b) != 0 {
		t.Errorf("on our output: %q", b)
	}
}

// programs puts scripts on PATH, and nothing else.
func programs(t *testing.T, scripts map[string]string) (dir string) {
	t.Helper()
	dir = opener(t, "")
	for name, script := range scripts {
		text := "#!/bin/sh\ncd '" + dir + "' || exit 9\nprintf '<%s>' \"${0##*/}\" >> asked\n" + note + "\n" + script + "\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestOpenersInOrder tries what the person chose, then what the desktop has,
// until one of them works.
func TestOpenersInOrder(t *testing.T) {
	const fails, works = "exit 3", ""
	all := map[string]string{
		"xdg-open":         fails,
		"x-www-browser":    fails,
		"sensible-browser": fails,
		"wslview":          fails,
		"gio":              works,
		"mine":             works,
		"fails":            fails,
		"w3m":              works,
	}
	with := func(changes ...string) map[string]string {
		scripts := map[string]string{}
		for name, script := range all {
			scripts[name] = script
		}
		for i := 0; i < len(changes); i += 2 {
			if scripts[changes[i]] = changes[i+1]; changes[i+1] == "-" {
				delete(scripts, changes[i])
			}
		}
		return scripts
	}
	const a = "https://id.example.com/?a=1%202"
	for _, tt := range []struct {
		name, browser, wsl string
		scripts            map[string]string
		want               string // empty: nothing opens it
	}{
		{"a chosen one", "mine", "", with(), "<mine>[" + a + "]"},
		{"a list", "missing:fails:mine:w3m", "", with(), "<fails>[" + a + "]<mine>[" + a + "]"},
		{"arguments", "mine --new  %s -x", "", with(), "<mine>[--new][" + a + "][-x]"},
		{"an argument that holds it", "mine --app=%s", "", with(), "<mine>[--app=" + a + "]"},
		{"escapes", "mine 100%% a%cb %%s", "", with(), "<mine>[100%][a:b][%s][" + a + "]"},
		{"no shell", "mine $HOME;id `id` > x & *", "", with(), "<mine>[$HOME;id][`id`][>][x][&][*][" + a + "]"},
		{"one for a terminal", "w3m", "", with("xdg-open", works), "<xdg-open>[" + a + "]"},
		{"one that fails", "fails", "", with("xdg-open", works), "<fails>[" + a + "]<xdg-open>[" + a + "]"},
		{"the desktop's", "", "", with("xdg-open", works), "<xdg-open>[" + a + "]"},
		{"without xdg-open", "", "", with("xdg-open", "-", "x-www-browser", works), "<x-www-browser>[" + a + "]"},
		{"Debian's", "", "", with("x-www-browser", "-", "sensible-browser", works), "<xdg-open>[" + a + "]<sensible-browser>[" + a + "]"},
		{
			"Linux on Windows", "", "Debian", with("wslview", works),
			"<xdg-open>[" + a + "]<x-www-browser>[" + a + "]<sensible-browser>[" + a + "]<wslview>[" + a + "]",
		},
		{
			"the last one", "", "", with(),
			"<xdg-open>[" + a + "]<x-www-browser>[" + a + "]<sensible-browser>[" + a + "]<gio>[open][" + a + "]",
		},
		{"none", "missing::", "", map[string]string{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := programs(t, tt.scripts)
			t.Setenv("BROWSER", tt.browser)
			t.Setenv("WSL_DISTRO_NAME", tt.wsl)
			t.Setenv("WSL_INTEROP", "")
			if err := browser.Open(t.Context(), a); (err == nil) != (tt.want != "") {
				t.Errorf("err = %v", err)
			}
			if got := asked(t, dir); got != tt.want {
				t.Errorf("ran %s, want %s", got, tt.want)
			}
		})
	}
}

// A path may hold a blank.
func TestAChosenBrowserAtAPath(t *testing.T) {
	dir := programs(t, map[string]string{"my browser": ""})
	t.Setenv("BROWSER", filepath.Join(dir, "my browser"))
	if err := browser.Open(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if got := asked(t, dir); got != "<my browser>["+address+"]" {
		t.Errorf("ran %s", got)
	}
}

// The settings file is opened in an editor, never in the browser of a person's
// choice.
func TestOpenFile(t *testing.T) {
	dir := programs(t, map[string]string{"xdg-open": "exit 4", "mine": "", "gio": ""})
	t.Setenv("BROWSER", "mine")
	if err := browser.OpenFile(t.Context(), filepath.Join(dir, "-x y.toml")); err != nil {
		t.Fatal(err)
	}
	file := "[" + filepath.Join(dir, "-x y.toml") + "]"
	if got := asked(t, dir); got != "<xdg-open>"+file+"<gio>[open]"+file {
		t.Errorf("ran %s", got)
	}
}
