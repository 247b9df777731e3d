//go:build linux

package e2e_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/wording"
)

// noWindow is the notification that no window opens.
func noWindow(n bed.Note) bool { return n.Summary == "Keyfob cannot show its window" }

// startTrayWith starts the tray with something in its environment.
func (d *desktop) startTrayWith(env ...string) *bed.Process {
	d.t.Helper()
	cmd := d.Command(d.program())
	cmd.Env = d.Env(env...)
	p := d.StartCommand(cmd)
	d.Tray.WaitIcon()
	return p
}

// windowPrograms are the window programs that run on this desktop.
func (d *desktop) windowPrograms() (pids []string) {
	d.t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, file := range all {
		line, _ := os.ReadFile(file) // it may just have ended
		if strings.Contains(string(line), "keyfob-window\x00") && strings.Contains(string(line), "\x00"+filepath.Dir(d.socket())+"\x00") {
			pids = append(pids, filepath.Base(filepath.Dir(file)))
		}
	}
	return pids
}

// wantNoWindow starts Keyfob a second time, whose window cannot open, and wants
// the reason in its answer, in a notification and in the menu.
func (d *desktop) wantNoWindow(why, instead string) {
	d.t.Helper()
	if got := d.keyfob(); !strings.Contains(got.err, why) || !strings.Contains(got.err, instead) || strings.Contains(got.err, "opens") {
		d.t.Errorf("a second start ended with %d and said %q", got.code, got.err)
	}
	if left := d.windowPrograms(); len(left) != 0 {
		d.t.Errorf("window programs run on: %q", left)
	}
	note := d.Notes.WaitOpen("that no window opens", noWindow)
	if !strings.HasPrefix(note.Body, wording.Begin(why)) || !strings.Contains(note.Body, instead) {
		d.t.Errorf("the notification says %q", note.Body)
	}
	d.Tray.WaitEntry(strings.ToUpper(why[:1]) + why[1:] + "*" + instead + "*")
}

// TestWithoutWhatAWindowNeeds is each way in which Fyne cannot draw: the person is
// told what is missing, and which command does the same.
func TestWithoutWhatAWindowNeeds(t *testing.T) {
	for name, c := range map[string]struct {
		options bed.Options
		env     []string
		why     string
	}{
		"OpenGL is too old":        {bed.Options{}, []string{"MESA_GL_VERSION_OVERRIDE=1.4"}, "a window needs OpenGL 2.1"},
		"the screen has no OpenGL": {bed.Options{NoGLX: true}, nil, "a window needs OpenGL 2.1"},
		"no display":               {bed.Options{NoDisplay: true}, nil, "no screen answers"},
		"Wayland alone":            {bed.Options{Sway: true, NoXwayland: true}, nil, "a window needs Xwayland"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesktop(t, c.options)
			d.settings("")
			app := d.startTrayWith(c.env...)
			for range 2 {
				d.wantNoWindow(c.why, "`keyfob status`")
			}
			if n := len(d.Notes.All()); n != 1 {
				t.Errorf("%d notifications", n)
			}
			d.Tray.Click("Show Keyfob…") // which tells it again
			d.quitTray(app)
		})
	}
}

// TestADisplayThatIsGone is where the one that the tray was started on has died.
func TestADisplayThatIsGone(t *testing.T) {
	d := newDesktop(t, bed.Options{NoDisplay: true})
	d.settings("")
	app := d.startTrayWith("DISPLAY=:4711")
	d.Tray.Click("Show Keyfob…")
	note := d.Notes.WaitOpen("that no window opens", noWindow)
	if !strings.HasPrefix(note.Body, "No screen answers") || !strings.Contains(note.Body, "`keyfob status`") {
		t.Errorf("the notification says %q", note.Body)
	}
	d.Tray.WaitEntry("No screen answers*`keyfob status`*")
	const says = "its icon is in the tray, but no screen answers, so no window can open: use `keyfob status` instead"
	if got := d.keyfob(); !strings.Contains(got.err, says) {
		t.Errorf("a second start ended with %d and said %q", got.code, got.err)
	}
	d.quitTray(app)
}

// TestThePromptWithoutOpenGL is a session that ends where no window opens: its own
// notification asks to sign in, and another one says that there is no window.
func TestThePromptWithoutOpenGL(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 12 * time.Second}}})
	d := newDesktop(t, bed.Options{NoGLX: true})
	d.Browser.Install()
	d.settings(tool("park", "ThingPark", s, npm.NoRefresh, true))
	app := d.startTray()
	d.Tray.Click("ThingPark*", "Sign in")
	d.Browser.WaitEnd(1)
	note := d.Notes.WaitOpen("that no window opens", noWindow)
	if !strings.Contains(note.Body, "needs OpenGL 2.1") || !strings.Contains(note.Body, "`keyfob login park`") {
		t.Errorf("it says %q", note.Body)
	}
	d.Tray.WaitEntry("A window needs OpenGL 2.1*`keyfob login park`*")
	ended := d.Notes.WaitOpen("that the session ended", func(n bed.Note) bool { return n.Summary == "Your ThingPark session has ended" })
	d.Notes.Press(ended, "Sign in")
	d.Browser.WaitEnd(2)
	d.quitTray(app)
}

// windowProgram puts the real window program beside Keyfob's, behind a script
// that is run first.
func (d *desktop) windowProgram(first string) {
	d.t.Helper()
	beside := filepath.Join(d.Dir, "bin", "keyfob-window")
	script := "#!/bin/sh\n" + first + "\nexec '" + filepath.Join(build(d.t, "keyfob-window"), "keyfob-window") + "' \"$@\"\n"
	if err := errors.Join(os.RemoveAll(beside), os.WriteFile(beside, []byte(script), 0o700)); err != nil {
		d.t.Fatal(err)
	}
}

// TestAWindowProgramThatComesLater is missing at first, then stopped before it has
// drawn, then ends at once; each is told, and the next click goes to a new one. All
// of it is taken back when a window opens.
func TestAWindowProgramThatComesLater(t *testing.T) {
	d := newDesktopWith(t, bed.Options{Windows: true}, "keyfob")
	d.moveHere(d.program(), d.whole())
	d.settings("")
	app := d.startTray()
	d.wantNoWindow("there is no keyfob-window beside this program", "`keyfob status`")

	d.windowProgram("kill -STOP $$")
	begin := time.Now()
	d.wantNoWindow("the window was not there after 10 seconds and has been ended", "`keyfob status`")
	if took := time.Since(begin); took < 9*time.Second {
		t.Errorf("given up after %v", took)
	}

	d.windowProgram("exit 1")
	d.wantNoWindow("the window program ended before it showed anything", "`keyfob status`")

	d.windowProgram("")
	if got := d.keyfob(); got.code != 0 || !strings.Contains(got.err, "its window opens") {
		t.Errorf("a second start ended with %d and said %q", got.code, got.err)
	}
	if n := len(d.Windows("Keyfob")); n != 1 { // it has drawn by then
		t.Errorf("%d windows are open", n)
	}
	d.Wait("the end of the notification", func() bool {
		for _, n := range d.Notes.All() {
			if n.Open {
				return false
			}
		}
		return true
	})
	d.Tray.WaitNoEntry("The window program*")
	d.quitTray(app)
}

// TestAWindowThatHangs was drawn, and answers no more: it is ended, and another
// one opens in its place.
func TestAWindowThatHangs(t *testing.T) {
	d := newDesktop(t, bed.Options{Windows: true})
	d.settings("")
	app := d.startTray()
	if got := d.keyfob(); got.code != 0 {
		t.Fatalf("a second start ended with %d and said %q", got.code, got.err)
	}
	before := d.windowPrograms()
	if len(before) != 1 {
		t.Fatalf("window programs: %q", before)
	}
	pid, err := strconv.Atoi(before[0])
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGSTOP)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := d.keyfob(); got.code != 0 || !strings.Contains(got.err, "its window opens") {
		t.Errorf("another start ended with %d and said %q", got.code, got.err)
	}
	if after := d.windowPrograms(); len(after) != 1 || after[0] == before[0] {
		t.Errorf("window programs: %q, and %q before", after, before)
	}
	d.WaitDrawn(d.WaitWindow("Keyfob"))
	d.quitTray(app)
}
