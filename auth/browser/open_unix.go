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

// openURL runs what opens addresses on this desktop, one after the other, until
// one of them does not fail: what the person chose, what the desktop chose, and
// what is there besides.
func openURL(ctx context.Context, address string) error {
	all := chosen(os.Getenv("BROWSER"), address)
	all = append(all, []string{"xdg-open", address}, []string{"x-www-browser", address}, []string{"sensible-browser", address})
	if onWindows() {
		all = append(all, []string{"wslview", address})
	}
	return first(ctx, append(all, []string{"gio", "open", address}))
}

// openFile does the same for a file, which is no browser's.
func openFile(ctx context.Context, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	all := [][]string{{"xdg-open", path}}
	if onWindows() {
		all = append(all, []string{"wslview", path})
	}
	return first(ctx, append(all, []string{"gio", "open", path}))
}

// chosen reads BROWSER: commands between colons, in which %s is the address, %c
// a colon and %% a percent sign. Without %s the address is the last argument.
// Words are split at blanks and no character is special, since no shell reads
// them. Browsers for a terminal are left out: they are given none.
func chosen(browsers, address string) (all [][]string) {
	for command := range strings.SplitSeq(browsers, ":") {
		words := strings.Fields(command)
		if _, err := exec.LookPath(command); err == nil && command != "" {
			words = []string{command} // a path may hold blanks
		}
		if len(words) == 0 || slices.Contains([]string{"w3m", "lynx", "links", "links2", "elinks", "www-browser"}, filepath.Base(words[0])) {
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
		all = append(all, words)
	}
	return all
}

// onWindows reports whether this is Linux on Windows, whose browser is outside.
func onWindows() bool { return os.Getenv("WSL_DISTRO_NAME") != "" || os.Getenv("WSL_INTEROP") != "" }

// first runs commands until one of them opens something, and returns when that
// one has ended. The errors hold no argument.
func first(ctx context.Context, all [][]string) error {
	var failed error
	for _, command := range all {
		path, err := exec.LookPath(command[0])
		if err != nil {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		// Not with ctx, whose end is not the browser's.
		cmd := exec.Command(path, command[1:]...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is for us alone
		began := time.Now()
		if err := cmd.Run(); err == nil || time.Since(began) > tries {
			return nil
		} else if failed == nil {
			failed = err
		}
	}
	if failed == nil {
		failed = errNoOpener
	}
	return failed
}
