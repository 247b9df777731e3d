package window

import (
	"context"
	"slices"
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
	"keyfob/tray/window/widget"
)

// setupWindow is the window before a real engine that answers from the test.
type setupWindow struct {
	t *testing.T
	*frame
	answers []func()
	quits   int

	mu     sync.Mutex
	asked  []string
	drafts []form.Draft
	check  func(ctx context.Context, d form.Draft) (form.Judgement, error)
	add    func(d form.Draft) (form.Judgement, error)
	file   func(i form.ImportRequest) (form.ImportResult, error)
}

func (o *setupWindow) note(what string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, what)
}

func newSetupWindow(t *testing.T) *setupWindow {
	t.Helper()
	o := &setupWindow{t: t}
	o.check = func(context.Context, form.Draft) (form.Judgement, error) {
		return form.Judgement{ID: "plant-5", Verdict: "compatible"}, nil
	}
	o.add = func(form.Draft) (form.Judgement, error) { return form.Judgement{ID: "plant-5"}, nil }
	o.frame = &frame{
		win: test.NewTempApp(t).NewWindow("Keyfob"), now: time.Now, quit: func() { o.quits++ }, make: allPages(),
		engine: engineOf(t, server.Engine{Desktop: setupEngine{o: o}, Setup: setupEngine{o: o}}),
		run: func(ctx context.Context, work func(context.Context) error, then func(error)) {
			o.answers = append(o.answers, func() { then(work(ctx)) })
		},
	}
	o.win.Resize(fyne.NewSize(frameWidth, frameHeight))
	return o
}

// setupEngine is the engine behind a setupWindow. Its pages ask for no more.
type setupEngine struct {
	server.Desktop
	server.Setup
	o *setupWindow
}

func (e setupEngine) Copy(_ context.Context, tool string, as agent.CopyAs) error {
	e.o.note("copy " + string(as) + " of " + tool)
	return nil
}

func (e setupEngine) Preferences(context.Context) (form.Preferences, error) { return *usual(), nil }

func (e setupEngine) Presets(context.Context) ([]form.Preset, error) {
	other := entraForm
	other.ID, other.Name = "keycloak", "Keycloak"
	return []form.Preset{entraForm, other}, nil
}

func (e setupEngine) Recognise(_ context.Context, address string) (form.Draft, error) {
	if address != "sso.example.com" {
		return form.Draft{}, &auth.Error{Kind: auth.KindUsage, What: "this is no address"}
	}
	return form.Draft{Provider: "entra", Values: map[string]string{"tenant": "a b&c", "scopes": "api"}}, nil
}

func (e setupEngine) Check(ctx context.Context, d form.Draft) (form.Judgement, error) {
	e.o.note("check")
	return e.o.check(ctx, d)
}

func (e setupEngine) Add(_ context.Context, d form.Draft) (form.Judgement, error) {
	e.o.note("add")
	e.o.drafts = append(e.o.drafts, d)
	return e.o.add(d)
}

func (e setupEngine) Import(_ context.Context, i form.ImportRequest) (form.ImportResult, error) {
	e.o.note("import")
	return e.o.file(i)
}

// settle lets the engine answer until nothing is asked.
func (o *setupWindow) settle() {
	for len(o.answers) > 0 {
		answer := o.answers[0]
		o.answers = o.answers[1:]
		answer()
	}
}

// press presses a key on what has the focus.
func (o *setupWindow) press(keys ...fyne.KeyName) {
	o.t.Helper()
	for _, key := range keys {
		switch w := o.win.Canvas().Focused().(type) {
		case nil:
			o.t.Fatalf("nothing has the focus for %s", key)
		case desktop.Keyable:
			w.KeyDown(&fyne.KeyEvent{Name: key})
			w.KeyUp(&fyne.KeyEvent{Name: key})
			w.TypedKey(&fyne.KeyEvent{Name: key})
		default:
			w.TypedKey(&fyne.KeyEvent{Name: key})
		}
		o.settle()
	}
}

// tab goes on to the field or button of this name.
func (o *setupWindow) tab(to string) {
	o.t.Helper()
	for range 30 {
		if o.focus() == to {
			return
		}
		o.win.Canvas().FocusNext()
	}
	o.t.Fatalf("Tab does not reach %q", to)
}

// focus is the name of what has the focus.
func (o *setupWindow) focus() string {
	switch w := o.win.Canvas().Focused().(type) {
	case *widget.Button:
		return w.Text
	case *widget.Checkbox:
		return w.Text
	case *widget.Field:
		if a, ok := o.top().page.(*addPage); ok && a.form != nil {
			for key, e := range a.form.entries {
				if e == w {
					return key
				}
			}
		}
		return "entry"
	}
	return ""
}

func (o *setupWindow) typeIn(s string) {
	o.t.Helper()
	test.Type(o.win.Canvas().Focused(), s)
}

func (o *setupWindow) wantAsked(want ...string) {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.Equal(o.asked, want) {
		o.t.Fatalf("asked the engine %q, want %q", o.asked, want)
	}
}
