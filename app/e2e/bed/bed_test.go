//go:build linux

package bed_test

import (
	"bufio"
	"bytes"
	"fmt"
	"image/color"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
)

func TestKeychainsInEveryState(t *testing.T) {
	for _, c := range []struct {
		name    string
		keyring bed.Keyring
		code    int
		prints  string
	}{
		{"unlocked", bed.Unlocked, 0, "stored a secret"},
		{"locked", bed.Locked, 1, "failed"},
		{"absent", bed.Absent, 1, "failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := bed.Start(t, bed.Options{Keyring: c.keyring, NoDisplay: true})
			p := startPart(t, b, "keyring")
			if code := b.Exit(p); code != c.code || !strings.Contains(p.Output(), c.prints) {
				t.Errorf("exit %d and %q, want %d and %q", code, p.Output(), c.code, c.prints)
			}
		})
	}
}

func TestAKeychainThatIsLockedKilledAndUnlockedKeepsItsSecret(t *testing.T) {
	b := bed.Start(t, bed.Options{NoDisplay: true})
	say := func(want string) {
		t.Helper()
		p := startPart(t, b, "keyring")
		b.Exit(p)
		if !strings.Contains(p.Output(), want) {
			t.Errorf("%q, want %q", p.Output(), want)
		}
	}
	say("stored a secret")
	b.LockKeyring()
	say("failed")
	b.KillKeyring()
	say("failed")
	b.UnlockKeyring()
	say("found a secret")
}

func TestTheTrayShowsAndClicksAMenu(t *testing.T) {
	b := bed.Start(t, bed.Options{Keyring: bed.Absent, NoDisplay: true})
	p := startPart(t, b, "tray")
	b.Tray.WaitIcon()
	if got := b.Tray.Property("Title"); got != "a title" {
		t.Errorf("title %q", got)
	}
	b.Tray.Click("plant_4", "Press")
	b.Tray.WaitEntry("plant_4", "Pressed")
	if got, want := b.Tray.Menu().String(), "plant_4\n  Pressed\n---\n(Off)\n"; got != want {
		t.Errorf("the menu is\n%swant\n%s", got, want)
	}

	b.Tray.Hide()
	if n := b.Tray.Icons(); n != 0 {
		t.Errorf("%d icons in a tray that is gone", n)
	}
	b.Tray.Show()
	b.Tray.WaitIcon() // it registers again
	p.Kill()
	b.Wait("the icon to go", func() bool { return b.Tray.Icons() == 0 })
}

func TestXfcePanelTakesTheIcon(t *testing.T) {
	b := bed.Start(t, bed.Options{Keyring: bed.Absent, Panel: true, Windows: true})
	startPart(t, b, "tray")
	b.Wait("an icon in the panel", func() bool {
		v, err := b.Bus.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher").
			GetProperty("org.kde.StatusNotifierWatcher.RegisteredStatusNotifierItems")
		items, ok := v.Value().([]string)
		return err == nil && ok && len(items) == 1
	})
}

func TestNotificationsArePressed(t *testing.T) {
	b := bed.Start(t, bed.Options{Keyring: bed.Absent, NoDisplay: true})
	p := startPart(t, b, "notify")
	note := b.Notes.WaitOpen("from the test", func(n bed.Note) bool { return n.App == "bed test" })
	if note.Summary != "A summary" || note.Body != "a body" {
		t.Errorf("it says %q and %q", note.Summary, note.Body)
	}
	b.Notes.Press(note, "Sign in")
	if code := b.Exit(p); code != 0 || !strings.Contains(p.Output(), "ActionInvoked [1 again]") {
		t.Errorf("exit %d and %q", code, p.Output())
	}
	b.Notes.WaitClosed(note.ID)
}

func TestDunstDrawsANotification(t *testing.T) {
	b := bed.Start(t, bed.Options{Keyring: bed.Absent, Dunst: true})
	before := b.Picture()
	startPart(t, b, "notify")
	b.Wait("a notification on the screen", func() bool { return !bytes.Equal(b.Picture().Pix, before.Pix) })
}

func TestWindowsPicturesAndTheClipboard(t *testing.T) {
	b := bed.Start(t, bed.Options{Keyring: bed.Absent})
	p := startPart(t, b, "window")
	b.WaitWindow("a window")
	b.Wait("a red window on the screen", func() bool {
		return b.Picture().RGBAAt(150, 150) == color.RGBA{R: 0xff, A: 0xff}
	})
	p.Kill()
	b.WaitNoWindow("a window")

	if got := b.Clipboard(); got != "" {
		t.Errorf("a new clipboard holds %q", got)
	}
	cmd := b.Command("xclip", "-selection", "clipboard", "-in")
	cmd.Stdin = strings.NewReader("copied")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	b.Wait("the clipboard to hold what was copied", func() bool { return b.Clipboard() == "copied" })
}

func TestTheBrowserSignsInAtTheRealPage(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	for _, c := range []struct{ does, want string }{{bed.SignIn, "code"}, {bed.Cancel, "error"}} {
		t.Run(c.does, func(t *testing.T) {
			b := bed.Start(t, bed.Options{Keyring: bed.Absent, NoDisplay: true})
			b.Browser.Install()
			b.Browser.Does(c.does)
			answers := make(chan url.Values, 1)
			client := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/callback" {
					answers <- r.URL.Query()
					_, _ = w.Write([]byte("all done")) // the browser says when it is not
				}
			}))
			defer client.Close()
			q := url.Values{
				"client_id": {npm.Native}, "response_type": {"code"}, "scope": {"openid"}, "state": {"s"},
				"redirect_uri":          {client.URL + "/callback"},
				"code_challenge_method": {"S256"}, "code_challenge": {strings.Repeat("x", 43)},
			}
			open := b.Start(filepath.Join(b.Dir, "bin", "xdg-open"), s.Issuer+"/auth?"+q.Encode())
			end := b.Browser.WaitEnd(1)
			if !strings.Contains(end.Text, "all done") {
				t.Errorf("the browser ended on %q", end.Text)
			}
			if got := <-answers; got.Get(c.want) == "" {
				t.Errorf("the callback has no %s", c.want)
			}
			if code := b.Exit(open); code != 0 {
				t.Errorf("xdg-open ended with %d", code)
			}
		})
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	authtest.NotShort(t, "it needs a desktop")
	page := authtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<form></form>") // the browser says when it is not there
	}))
	var dir string
	t.Run("bed", func(t *testing.T) {
		b := bed.Start(t, bed.Options{Windows: true})
		dir = b.Dir
		b.Browser.Install()
		b.Browser.Does(bed.WalkAway)
		b.Start(filepath.Join(dir, "bin", "xdg-open"), page)
		b.Wait("the browser", func() bool { return len(b.Browser.Events()) > 1 })
		// A process that leaves its parent's group, as daemons do.
		b.Run("sh", "-c", "setsid sleep 3600 >/dev/null 2>&1 &")
	})
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
	if left := running(t, dir); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
}

// running are the command lines of processes that have a bed's folder in them or in
// their environment.
func running(t *testing.T, dir string) (all []string) {
	t.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range processes {
		environ, _ := os.ReadFile(filepath.Join(p, "environ"))
		args, _ := os.ReadFile(filepath.Join(p, "cmdline"))
		if strings.Contains(string(environ)+string(args), dir) {
			all = append(all, p+" "+string(args))
		}
	}
	return all
}

// killed is set for a test process that is killed in the middle.
const killed = "BED_TEST_KILLED"

// TestAKilledTestLeavesNothingBehind kills a test process whose desktop has a
// program that left its parent, as an engine does.
func TestAKilledTestLeavesNothingBehind(t *testing.T) {
	if os.Getenv(killed) != "" {
		b := bed.Start(t, bed.Options{Keyring: bed.Absent, NoDisplay: true})
		b.Run("env", "-i", "HOME="+b.Home, "setsid", "sh", "-c", "cd /; sleep 3600 >/dev/null 2>&1 &")
		fmt.Println(b.Dir)
		select {}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), killed+"=yes")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	dir, err := bufio.NewReader(out).ReadString('\n')
	if dir = strings.TrimSpace(dir); !filepath.IsAbs(dir) {
		t.Errorf("it says %q, %v", dir, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
	if t.Failed() {
		return
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(25 * time.Millisecond) {
		_, err := os.Stat(dir)
		left := running(t, dir)
		if os.IsNotExist(err) && len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("left: %q, and the folder: %v", left, err)
		}
	}
}

func TestClipboardManagersRemember(t *testing.T) {
	for _, m := range []bed.ClipboardManager{bed.Clipman, bed.Parcellite, bed.CopyQ} {
		t.Run(string(m), func(t *testing.T) {
			b := bed.Start(t, bed.Options{Keyring: bed.Absent})
			b.StartClipboardManager(m)
			if b.Remembers(m, "never copied") {
				t.Error("it remembers what was never copied")
			}
		})
	}
}

func TestSwayHasAClipboard(t *testing.T) {
	b := bed.Start(t, bed.Options{Keyring: bed.Absent, Sway: true})
	if got := b.Clipboard(); got != "" {
		t.Errorf("a new clipboard holds %q", got)
	}
	cmd := b.Command("wl-copy", "--foreground", "--type", "text/plain")
	cmd.Stdin = strings.NewReader("copied")
	b.StartCommand(cmd)
	b.Wait("the clipboard to hold what was copied", func() bool { return b.Clipboard() == "copied" })
	if got := b.ClipboardTypes(); !slices.Contains(got, "text/plain") {
		t.Errorf("offered as %q", got)
	}
}
