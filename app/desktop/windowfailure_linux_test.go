package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// shows asks for a page as a person does, and returns what that says.
func (r *rig) shows(key string) <-chan error {
	said := make(chan error, 1)
	go func() { said <- (&Desktop{screen: r.screen}).openPage(r.t.Context(), key) }()
	return said
}

// patience has both windows wait for word from late instead of a timer.
func (r *rig) patience(late <-chan time.Time) {
	r.t.Helper()
	r.inLoop(func() bool {
		within := func() (<-chan time.Time, func() bool) { return late, func() bool { return true } }
		r.screen.windows.main.within, r.screen.windows.prompt.within = within, within
		return true
	})
}

// wantError wants an error with this code, and words that a person reads.
func (r *rig) wantError(err error, code string, words ...string) {
	r.t.Helper()
	e := auth.AsError(err)
	if e == nil || e.Code != code {
		r.t.Fatalf("%v, want the code %s", err, code)
	}
	for _, w := range words {
		if !strings.Contains(e.Error(), w) {
			r.t.Errorf("it says %q, want %q in it", e, w)
		}
	}
}

// told is how often the person was told that no window opens, on the screen or not.
func (r *rig) told() (n int) {
	for _, note := range r.Notes.All() {
		if note.Summary == noWindowNote(&auth.Error{}).Title {
			n++
		}
	}
	return n
}

// TestAPageIsOpenWhenItIsDrawn and not when its program was started.
func TestAPageIsOpenWhenItIsDrawn(t *testing.T) {
	r := newRig(t)
	draws := filepath.Join(r.Dir, "draws")
	r.program("mkfifo '" + draws + "'\nread x <'" + draws + "'\necho drawn\nread key\nread x <'" + draws + "'\necho opened\nread key\n")
	var timers atomic.Int64 // that run
	r.inLoop(func() bool {
		r.screen.windows.main.within = func() (<-chan time.Time, func() bool) {
			timers.Add(1)
			return make(chan time.Time), func() bool { timers.Add(-1); return true }
		}
		return true
	})
	goOn := func() {
		t.Helper()
		r.Wait("the program", func() bool { _, err := os.Stat(draws); return err == nil })
		if err := os.WriteFile(draws, []byte("\n"), 0); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"tools", "add"} {
		said := r.shows(key)
		r.Wait("the page to be asked for", func() bool {
			return r.inLoop(func() bool { run := r.screen.windows.main.run; return run != nil && run.behind() })
		})
		select {
		case err := <-said:
			t.Fatalf("%s was said to be open: %v", key, err)
		default:
		}
		goOn()
		if err := <-said; err != nil {
			t.Fatal(err)
		}
	}
	if n := r.told(); n != 0 {
		t.Errorf("%d notifications", n)
	}
	r.Wait("the timers of an open window to stop", func() bool { return timers.Load() == 0 })
}

// TestWhatIsMissingIsTold by what the program says, and by nothing else.
func TestWhatIsMissingIsTold(t *testing.T) {
	for says, code := range map[string]string{
		"echo no OpenGL; exit 1":                 auth.CodeWindowOpenGL,
		"echo no screen; exit 1":                 auth.CodeWindowScreen,
		"echo no Xwayland; exit 1":               auth.CodeWindowXwayland,
		"echo no OpenGL >&2; exit 1":             auth.CodeWindow,
		"exit 0":                                 auth.CodeWindow,
		"kill -SEGV $$":                          auth.CodeWindow,
		"echo opened; echo draw; echo n; exit 0": auth.CodeWindow,
	} {
		t.Run(says, func(t *testing.T) {
			r := newRig(t)
			r.program(says + "\n")
			r.wantError(<-r.shows("add"), code, "`keyfob tools add`")
			r.wantScreen("without a window", noWindowNote(&auth.Error{}).Title)
			if e := r.screen.windows.problem.Load(); e == nil || e.Code != code {
				t.Errorf("the menu says %v", e)
			}
			r.inLoop(func() bool {
				if r.screen.windows.anyOpen() {
					t.Error("the window is still taken for open")
				}
				return true
			})
		})
	}
}

// TestAWindowThatEndsInOrderIsNoFailure had nothing to show.
func TestAWindowThatEndsInOrderIsNoFailure(t *testing.T) {
	r := newRig(t, "ThingWorx")
	r.program("echo done\n")
	r.at(9 * time.Hour)
	r.wantWindows("the end", "tool0")
	r.Wait("the window's end", func() bool { return r.inLoop(func() bool { return r.screen.windows.prompt.closed == nil }) })
	if e := r.screen.windows.problem.Load(); e != nil || r.told() != 0 {
		t.Errorf("the person was told of %v", e)
	}
}

// TestAWindowThatIsLateIsEnded even where it takes no notice of anything, with all
// that was asked of it meanwhile; the next one is another.
func TestAWindowThatIsLateIsEnded(t *testing.T) {
	r := newRig(t)
	r.program("trap '' TERM INT HUP\nkill -STOP $$\n")
	late := make(chan time.Time)
	r.patience(late)
	first, second := r.shows("tools"), r.shows("token/tool0")
	r.Wait("both to be asked for", func() bool {
		return r.inLoop(func() bool { run := r.screen.windows.main.run; return run != nil && run.told.Load() == 2 })
	})
	late <- time.Time{}
	for _, said := range []<-chan error{first, second} {
		r.wantError(<-said, auth.CodeWindow, "after 10 seconds", "instead")
	}
	r.wantScreen("without a window", noWindowNote(&auth.Error{}).Title)

	r.program("echo drawn\nread key\n")
	if err := <-r.shows("add"); err != nil {
		t.Fatal(err)
	}
	r.Wait("an empty screen", func() bool { return len(r.onScreen()) == 0 })
	if e := r.screen.windows.problem.Load(); e != nil {
		t.Errorf("the menu still says %v", e)
	}
	if n := len(r.opened()); n != 2 {
		t.Errorf("%d windows: %q", n, r.opened())
	}
}

// TestAPromptThatHangs was drawn, and takes no further session: another one does,
// without those that a person dealt with in the first.
func TestAPromptThatHangs(t *testing.T) {
	r := newRig(t, "ThingWorx", "ThingPark")
	r.program("echo drawn\nexec sleep 1000\n")
	late := make(chan time.Time)
	r.patience(late)
	ask := func(tool string) {
		t.Helper()
		if err := r.screen.do(t.Context(), func(ctx context.Context) {
			r.screen.windows.askToSignIn(ctx, []session.Snapshot{{Tool: tool}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	ask("tool0")
	r.wantWindows("one", "tool0")
	r.Wait("it to be drawn", func() bool { return r.inLoop(func() bool { return r.screen.windows.prompt.run.drawn() }) })
	ask("tool1")
	late <- time.Time{}
	r.wantWindows("another", "tool0", "tool1")
	if n := r.told(); n != 0 {
		t.Errorf("%d notifications of a window that is there", n)
	}
}

// TestNoWindowIsToldOnce for each reason, unless a person asked for one.
func TestNoWindowIsToldOnce(t *testing.T) {
	r := newRig(t)
	fails := func(says string, asked bool) {
		t.Helper()
		r.program(says + "\n")
		before := len(r.opened())
		if asked {
			if err := <-r.shows("tools"); err == nil {
				t.Fatal("a window opened")
			}
		} else if err := r.screen.do(t.Context(), func(ctx context.Context) {
			r.screen.windows.askToSignIn(ctx, []session.Snapshot{{Tool: "tool0"}})
		}); err != nil {
			t.Fatal(err)
		}
		r.Wait("the window's end", func() bool {
			return len(r.opened()) > before && r.inLoop(func() bool { return !r.screen.windows.anyOpen() })
		})
		r.Wait("the notifications", r.screen.notices.onScreen.idle)
	}
	gone := func() {
		for _, n := range r.Notes.All() {
			if n.Open {
				r.Notes.Dismiss(n)
			}
		}
		r.Wait("an empty screen", func() bool { return len(r.onScreen()) == 0 })
	}
	for _, step := range []struct {
		says  string
		asked bool
		told  int // of one more from now on
	}{
		{"echo no OpenGL", false, 1},
		{"echo no OpenGL", false, 1},
		{"echo no screen", false, 2},
		{"echo no screen", true, 3},
		{"echo no screen", false, 3},
	} {
		fails(step.says, step.asked)
		if n := r.told(); n != step.told {
			t.Fatalf("%s, asked for %v: told %d times, want %d", step.says, step.asked, n, step.told)
		}
		gone()
	}
}

// TestAWindowProgramThatCannotStart is no program, or is not there.
func TestAWindowProgramThatCannotStart(t *testing.T) {
	r := newRig(t)
	file := filepath.Join(r.Dir, "bin", windowProgram)
	if err := os.WriteFile(file, []byte("\x7fELF"), 0o755); err != nil {
		t.Fatal(err)
	}
	r.wantError(<-r.shows("tools"), auth.CodeWindow, "does not start", "`keyfob status`")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	r.wantError(<-r.shows("add"), auth.CodeWindow, "there is no keyfob-window", "`keyfob tools add`")
	r.wantScreen("without a window", noWindowNote(&auth.Error{}).Title)
}

// TestTheMenuTellsOfAWindowOnce: what a click shows is not told by two notifications.
func TestTheMenuTellsOfAWindowOnce(t *testing.T) {
	other := errors.New("x")
	for err, want := range map[error]error{
		windowError(showVerb, []string{"tools"}, "", true, nil): nil,
		noWindowProgram(showVerb, []string{"tools"}, nil):       nil,
		other: other,
	} {
		if got := notOfWindow(err); !errors.Is(got, want) {
			t.Errorf("%v is told as %v", err, got)
		}
	}
	if !slices.Contains(auth.WindowCodes(), auth.CodeWindow) {
		t.Error("the codes lack one")
	}
}
