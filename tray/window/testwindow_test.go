package window

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/inspect/parse"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// testWindow is the window on Fyne's screenless driver, with a person at its
// keyboard, and an engine behind a real socket whose answers arrive when the
// test says so.
type testWindow struct {
	*frame
	t       *testing.T
	clock   time.Time
	err     error                 // what the engine answers
	answers []func()              // to what was asked, in order
	later   []func()              // what a page does after a while
	result  session.SignOutResult //
	broken  *auth.Error           // why the settings cannot be read
	clears  time.Duration         // when a copy leaves the clipboard
	opened  map[string]*emptyPage // pages that are not under test
	quits   int

	mu     sync.Mutex
	asked  []string
	tokens auth.Tokens // of every tool
}

// emptyPage is a page with nothing on it.
type emptyPage struct{ testPage }

func newTestWindow(t *testing.T, key string, snaps ...session.Snapshot) *testWindow {
	t.Helper()
	r := &testWindow{t: t, clock: noon, opened: map[string]*emptyPage{}}
	r.frame = &frame{
		win: test.NewTempApp(t).NewWindow("Keyfob"), engine: engineOf(t, r.server()),
		now: func() time.Time { return r.clock }, quit: func() { r.quits++ },
		snaps: snaps, make: allPages(),
		run: func(ctx context.Context, work func(context.Context) error, then func(error)) {
			err := work(ctx)
			r.answers = append(r.answers, func() { then(err) })
		},
		after: func(_ context.Context, _ time.Duration, then func()) { r.later = append(r.later, then) },
	}
	for _, kind := range []string{agent.PageAdd, agent.PageSettings, agent.PageToken} {
		r.make[kind] = func(e env, tool string) page {
			r.opened[kind+" "+tool] = &emptyPage{testPage{env: e, name: kind, entry: widget.NewField("", nil, nil)}}
			return r.opened[kind+" "+tool]
		}
	}
	r.win.Resize(fyne.NewSize(frameWidth, frameHeight))
	r.open(key)
	return r
}

// server is the engine, which notes what it is asked.
func (r *testWindow) server() server.Engine {
	e := testEngine{r: r}
	return server.Engine{Sessions: e, Desktop: e, Setup: e}
}

// note remembers a request, and is the answer.
func (r *testWindow) note(what string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, what)
	return r.err
}

// testEngine is the engine behind a testWindow. Its pages ask for no more.
type testEngine struct {
	server.Sessions
	server.Desktop
	server.Setup
	r *testWindow
}

func (e testEngine) SignIn(_ context.Context, tool string, o session.SignInOptions) error {
	what := "login " + tool
	if o.Offline {
		what += " offline"
	}
	if o.SwitchAccount {
		what += " switch"
	}
	return e.r.note(what)
}

func (e testEngine) SignOut(_ context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	if !o.Browser {
		e.r.t.Error("signs out without the browser")
	}
	return e.r.result, e.r.note("logout " + tool)
}

func (e testEngine) CancelSignIn(_ context.Context, tool string) error {
	return e.r.note("cancel " + tool)
}
func (e testEngine) Home(_ context.Context, tool string) error   { return e.r.note("home " + tool) }
func (e testEngine) Reopen(_ context.Context, tool string) error { return e.r.note("reopen " + tool) }

func (e testEngine) Copy(_ context.Context, tool string, as agent.CopyAs) error {
	return e.r.note("copy " + tool + " " + string(as))
}

func (e testEngine) Change(_ context.Context, c form.Change) (form.Preferences, error) {
	return form.Preferences{Problem: e.r.broken}, e.r.note(fmt.Sprintf("change %v", c.OpenFile))
}

func (e testEngine) Preferences(context.Context) (form.Preferences, error) {
	return form.Preferences{ClearAfter: e.r.clears, Problem: e.r.broken}, nil
}

func (e testEngine) Inspect(_ context.Context, tool string) (inspect.Inspection, error) {
	err := e.r.note("inspect " + tool)
	e.r.mu.Lock()
	defer e.r.mu.Unlock()
	return parse.Tokens(e.r.tokens, plantTool, e.r.clock), err
}

func (e testEngine) Token(_ context.Context, tool string, _ session.TokenOptions) (agent.Token, error) {
	err := e.r.note("token " + tool)
	e.r.mu.Lock()
	defer e.r.mu.Unlock()
	return agent.Token{Tokens: e.r.tokens}, err
}

// press presses keys on what has the focus.
func (r *testWindow) press(keys ...fyne.KeyName) {
	r.t.Helper()
	for _, key := range keys {
		ev := &fyne.KeyEvent{Name: key}
		at := r.win.Canvas().Focused()
		if at == nil {
			r.t.Fatalf("nothing has the focus for %s", key)
		}
		if key == fyne.KeyTab {
			r.win.Canvas().FocusNext()
			continue
		}
		if k, ok := at.(desktop.Keyable); ok {
			k.KeyDown(ev)
		}
		if at = r.win.Canvas().Focused(); at != nil {
			at.TypedKey(ev) // as Fyne does it
		}
	}
}

// pressIfAny presses a key where nothing may have the focus: then it does nothing.
func (r *testWindow) pressIfAny(key fyne.KeyName) {
	r.t.Helper()
	if r.win.Canvas().Focused() != nil {
		r.press(key)
	}
}

// focus is what has the focus, in a word.
func (r *testWindow) focus() string {
	switch at := r.win.Canvas().Focused().(type) {
	case *widget.Button:
		return at.Text
	case *widget.List:
		return "list"
	case *widget.Field:
		return "filter"
	case *widget.Tabs:
		return "tabs"
	case *widget.Table:
		return "table"
	case *widget.SecretField:
		return "token"
	}
	return ""
}

// answer lets all that was asked be answered.
func (r *testWindow) answer() {
	r.t.Helper()
	if len(r.answers) == 0 {
		r.t.Fatal("nothing was asked")
	}
	all := r.answers
	r.answers = nil
	for _, then := range all {
		then()
	}
}

// wantAsked wants just this to have been asked since the last time.
func (r *testWindow) wantAsked(want ...string) {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Equal(r.asked, want) {
		r.t.Fatalf("asked the engine %q, want %q", r.asked, want)
	}
	r.asked = nil
}

// texts are all texts in the window that are to be seen.
func (r *testWindow) texts() string {
	var all []string
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case *widget.Button:
			all = append(all, o.Text)
		case *widget.SecretField:
			all = append(all, strings.ReplaceAll(o.Text, "\n", ""))
		case *fyne.Container:
			for _, inner := range o.Objects {
				walk(inner)
			}
		case fyne.Widget:
			for _, inner := range test.WidgetRenderer(o).Objects() {
				walk(inner)
			}
		}
	}
	walk(r.win.Content())
	return strings.Join(all, "\n")
}

func (r *testWindow) wantTexts(parts ...string) {
	r.t.Helper()
	shown := r.texts()
	for _, p := range parts {
		if want, not := strings.CutPrefix(p, "!"); not == strings.Contains(shown, want) {
			r.t.Fatalf("%q in:\n%s", p, shown)
		}
	}
}
