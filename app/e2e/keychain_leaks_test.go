//go:build linux

package e2e_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
)

// sampler collects the command lines and environments of a bed's processes,
// the short-lived ones too, as fast as it can.
type sampler struct {
	stop chan struct{}
	done sync.WaitGroup
	seen map[string]bool
	pids map[string]bool
}

func (d *keychainDesktop) sample() *sampler {
	c := &sampler{stop: make(chan struct{}), seen: map[string]bool{}, pids: map[string]bool{}}
	mark := []byte("=" + d.Dir) // of some variable: an engine that a command has started drops the bed's own
	c.done.Go(func() {
		for {
			select {
			case <-c.stop:
				return
			default:
			}
			all, _ := filepath.Glob("/proc/[0-9]*")
			for _, proc := range all {
				line, err := os.ReadFile(proc + "/cmdline")
				if err != nil || len(line) == 0 {
					continue
				}
				env, err := os.ReadFile(proc + "/environ")
				if err != nil && !bytes.Contains(line, []byte("keyfob")) || err == nil && !bytes.Contains(env, mark) {
					continue
				}
				c.seen[string(line)+"\n"+string(env)] = true
				if bytes.Contains(line, []byte("keychain-helper")) {
					c.pids[proc] = true
				}
			}
		}
	})
	return c
}

// end stops the sampler and returns what it saw, and of how many helpers.
func (c *sampler) end() (seen []string, helpers int) {
	close(c.stop)
	c.done.Wait()
	for text := range c.seen {
		seen = append(seen, text)
	}
	return seen, len(c.pids)
}

// startWithCores starts the engine where cores would be written, and returns it with
// its process ID.
func (d *keychainDesktop) startWithCores() *bed.Process {
	d.t.Helper()
	p := d.Start("sh", "-c", "ulimit -c unlimited; exec '"+d.program()+"'")
	d.Tray.WaitIcon()
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", p.PID()))
	if err != nil {
		d.t.Fatal(err)
	}
	for line := range strings.Lines(string(limits)) {
		if rest, ok := strings.CutPrefix(line, "Max core file size"); ok && strings.Fields(rest)[0] != "0" {
			d.t.Errorf("a core file of %s bytes would be written", strings.Fields(rest)[0])
		}
	}
	if info, err := os.Stat(fmt.Sprintf("/proc/%d/mem", p.PID())); err != nil || os.Getuid() != 0 && info.Sys().(*syscall.Stat_t).Uid != 0 {
		d.t.Errorf("others of the user's programs can read the engine's memory (%v)", err)
	}
	return p
}

// TestNoTokenLiesAbout uses Keyfob for a while, with a keychain that fails in
// between, and crashes it in the end. None of the tokens that there were is
// ever in a file, in the arguments or the environment of a process, in a
// notification, in the menu, or in what is printed.
func TestNoTokenLiesAbout(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 5*time.Second, 20*time.Second)
	var canaries []auth.Secret
	note := func(tool string) {
		t.Helper()
		kept, err := d.stored(tool)
		if err != nil {
			t.Fatal(err)
		}
		canaries = append(canaries, secretsOf(kept)...)
	}
	printed := func(tool string) {
		t.Helper()
		if got := d.keyfob("token", tool, "--min-valid", "1s"); got.code != 0 {
			t.Errorf("`keyfob token` ended with %d: %s", got.code, got.err)
		} else {
			canaries = append(canaries, secret(got.out))
		}
	}
	c := d.sample()
	const control = "argument-to-be-found"
	d.Run("sh", "-c", "sleep 0.5", control)

	d.signedIn()
	note(renews)
	note(ends)
	app := d.startWithCores()
	d.Tray.WaitEntry("Plant · signed in")
	printed(renews)
	renewed := d.provider.Count("/token")
	d.Wait("two renewals", func() bool { return d.provider.Count("/token") >= renewed+2 })
	note(renews)
	d.LockKeyring()
	renewed = d.provider.Count("/token")
	d.Wait("two renewals in memory", func() bool { return d.provider.Count("/token") >= renewed+2 })
	printed(renews)
	d.Tray.Click("Plant*", "Copy token") // which cannot work without a display
	d.UnlockRunningKeyring()
	d.waitStored(renews)
	note(renews)
	d.Tray.WaitEntry("Park · sign in again*")
	d.Wait("the prompt", func() bool {
		return slices.ContainsFunc(d.Notes.All(), func(n bed.Note) bool { return strings.Contains(n.Summary, "Park") })
	})
	menu := d.Tray.Menu().String()
	d.want(0, "", "logout", ends) // by the engine
	if err := app.Signal(syscall.SIGABRT); err != nil {
		t.Fatal(err)
	}
	d.Wait("the end of the tray", func() bool { return !app.Running() })
	if !strings.Contains(app.Output(), "SIGABRT") {
		t.Errorf("the crash printed %q", app.Output())
	}
	d.want(3, "", "token", ends)
	d.want(0, "", "logout", renews) // by a command

	seen, helpers := c.end()
	t.Logf("%d secrets; %d command lines with environments, of %d keychain helpers among others", len(canaries), len(seen), helpers)
	if len(canaries) < 8 || helpers == 0 {
		t.Errorf("too few to tell: %d secrets, %d helpers", len(canaries), helpers)
	}
	if !slices.ContainsFunc(seen, func(text string) bool { return strings.Contains(text, control) }) {
		t.Error("the sampler does not see what is there")
	}
	hits := 0
	find := func(where, text string) {
		for i, canary := range canaries {
			if canary != "" && strings.Contains(text, canary.Reveal()) {
				hits++
				t.Errorf("%s holds secret %d", where, i)
			}
		}
	}
	for _, text := range seen {
		find("a command line or environment", text)
	}
	find("what the crash printed", app.Output())
	find("the menu", menu)
	for _, n := range d.Notes.All() {
		find("a notification", fmt.Sprintf("%+v", n))
	}
	files := 0
	d.EachFile(func(path string, content []byte) {
		files++
		find(path, string(content))
		if strings.HasPrefix(filepath.Base(path), "core") {
			t.Errorf("a core file: %s", path)
		}
	})
	t.Logf("%d files, %d hits", files, hits)
}

// TestAHelperThatCrashes aborts the keychain's helper while it has the tokens.
func TestAHelperThatCrashes(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGABRT, syscall.SIGQUIT, syscall.SIGSEGV} {
		t.Run(signal.String(), func(t *testing.T) {
			d := newKeychainDesktop(t, bed.Options{Keyring: bed.Absent, NoDisplay: true}, 0)
			l := d.newLiar()
			l.hangs = make(chan struct{})
			defer close(l.hangs)
			app := d.startWithCores()
			login, address := d.beginLogin(renews)
			signed := make(chan error, 1)
			go func() { signed <- ann.SignIn(t.Context(), address) }()
			d.Wait("a store that hangs", func() bool { return l.created.Load() > 0 })
			helper := 0
			d.Wait("the helper", func() bool { helper = d.helperPID(); return helper != 0 })
			if err := syscall.Kill(helper, signal); err != nil {
				t.Fatal(err)
			}
			if err := <-signed; err != nil {
				t.Error(err)
			}
			if code := d.Exit(login); code != 0 || !strings.Contains(login.Output(), "the keychain helper broke off in the middle") {
				t.Errorf("signing in ended with %d: %s", code, login.Output())
			}
			token := secret(d.keyfob("token", renews).out)
			if token == "" {
				t.Fatal("the token is lost")
			}
			d.checkNoFileHolds(token)
			if strings.Contains(app.Output()+login.Output(), token.Reveal()) || strings.Contains(app.Output(), "goroutine") {
				t.Errorf("the crash is in what keyfob prints: %s", app.Output())
			}
			d.EachFile(func(path string, _ []byte) {
				if strings.HasPrefix(filepath.Base(path), "core") {
					t.Errorf("a core file: %s", path)
				}
			})
		})
	}
}

// helperPID is the process ID of the keychain's helper that is at work, or 0.
func (d *keychainDesktop) helperPID() int {
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return 0
	}
	for _, file := range all {
		line, err := os.ReadFile(file)
		env, eerr := os.ReadFile(filepath.Join(filepath.Dir(file), "environ"))
		if errors.Join(err, eerr) == nil && bytes.HasSuffix(line, []byte("\x00keychain-helper\x00")) && bytes.Contains(env, []byte(d.Dir)) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			return pid
		}
	}
	return 0
}
