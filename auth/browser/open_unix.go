//go:build !windows && !darwin

package browser

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// tries is how long an opener may take to fail for the next one to be tried. A
// browser that ends later was there, and has been closed by the person.
const tries = 5 * time.Second

var errNoOpener = errors.New("there is no program that opens addresses")

// opener tries one way to open something, and returns when what it started has
// ended.
type opener func() error

// Reachable reports whether a browser may open for a person in this environment:
// over ssh, say, there is none.
func Reachable(getenv func(string) string) bool {
	return getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != "" || getenv("BROWSER") != "" || onWindows()
}

// openURL tries what opens addresses on this desktop, one after the other, until
// one of them does not fail: what the person chose, what the library finds
// (xdg-open, or else x-www-browser), and what is there besides.
func openURL(ctx context.Context, address string) error {
	all := chosen(os.Getenv("BROWSER"), address)
	all = append(all, func() error { return byLibrary(address) }, command("x-www-browser", address), command("sensible-browser", address))
	if onWindows() {
		all = append(all, command("wslview", address))
	}
	return first(ctx, append(all, command("gio", "open", address)))
}

// openFile does the same for a file, which is no browser's. The library would
// make a URL of its path, and leave blanks in it.
func openFile(ctx context.Context, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	all := []opener{command("xdg-open", path)}
	if onWindows() {
		all = append(all, command("wslview", path))
	}
	return first(ctx, append(all, command("gio", "open", path)))
}

// chosen reads BROWSER: commands between colons, in which %s is the address, %c
// a colon and %% a percent sign. Without %s the address is the last argument.
// Words are split at blanks and no character is special, since no shell reads
// them. Browsers for a terminal are left out: they are given none.
func chosen(browsers, address string) (all []opener) {
	for one := range strings.SplitSeq(browsers, ":") {
		words := strings.Fields(one)
		if _, err := exec.LookPath(one); err == nil && one != "" {
			words = []string{one} // a path may hold blanks
		}
		if len(words) == 0 ||
			slices.Contains([]string{"w3m", "lynx", "links", "links2", "elinks", "www-browser"}, filepath.Base(words[0])) {
			continue
		}
		named := false
		for i, word := range words[1:] {
			named = named || strings.Contains(strings.ReplaceAll(word, "%%", ""), "%s")
			words[i+1] = strings.NewReplacer("%%", "%", "%c", ":", "%s", address).Replace(word)
		}
		if !named {
			words = append(words, address)
		}
		all = append(all, command(words...))
	}
	return all
}

// onWindows reports whether this is Linux on Windows, whose browser is outside.
func onWindows() bool { return os.Getenv("WSL_DISTRO_NAME") != "" || os.Getenv("WSL_INTEROP") != "" }

// command is an opener that runs a program, without a shell.
func command(words ...string) opener {
	return func() error {
		path, err := exec.LookPath(words[0])
		if err != nil {
			return err
		}
		// Not with a context, whose end is not the browser's.
		cmd := exec.Command(path, words[1:]...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is for us alone
		return cmd.Run()
	}
}

// first tries openers until one of them opens something. Of those that failed it
// returns the first error that says more than that a program is not there. No
// error holds an argument.
func first(ctx context.Context, all []opener) error {
	failed := errNoOpener
	for _, open := range all {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		began := time.Now()
		err := open()
		if err == nil || time.Since(began) > tries {
			return nil
		}
		if failed == errNoOpener && !errors.Is(err, exec.ErrNotFound) {
			failed = err
		}
	}
	return failed
}
