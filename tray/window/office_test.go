package window

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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
)

// office is the window before a real engine that answers from the test.
type office struct {
	t *testing.T
	*frame
	answers []func()
	quits   int

	mu     sync.Mutex
	asked  []string
	drafts []agent.Draft
	check  func(ctx context.Context, d form.Draft) (form.Judgement, error)
	add    func(d form.Draft) (form.Judgement, error)
	file   func(i form.ImportRequest) (form.ImportResult, error)
}

func (o *office) note(what string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, what)
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t}
	o.check = func(context.Context, form.Draft) (form.Judgement, error) {
		return form.Judgement{ID: "plant-5", Verdict: "compatible"}, nil
	}
	o.add = func(form.Draft) (form.Judgement, error) { return form.Judgement{ID: "plant-5"}, nil }
	o.frame = &frame{
		win: test.NewTempApp(t).NewWindow("Keyfob"), now: time.Now, quit: func() { o.quits++ }, make: allPages(),
		engine: engineOf(t, server.Engine{Desktop: officeEngine{o: o}, Setup: officeEngine{o: o}}),
		run: func(ctx context.Context, work func(context.Context) error, then func(error)) {
			o.answers = append(o.answers, func() { then(work(ctx)) })
		},
	}
	o.win.Resize(fyne.NewSize(frameWidth, frameHeight))
	return o
}

// officeEngine is the engine of an office. The pages there ask for no more.
type officeEngine struct {
	server.Desktop
	server.Setup
	o *office
}

func (e officeEngine) Copy(_ context.Context, tool string, as agent.CopyAs) error {
	e.o.note("copy " + string(as) + " of " + tool)
	return nil
}

func (e officeEngine) Preferences(context.Context) (form.Preferences, error) { return *usual(), nil }

func (e officeEngine) Presets(context.Context) ([]form.Preset, error) {
	other := entraForm
	other.ID, other.Name = "keycloak", "Keycloak"
	return []form.Preset{entraForm, other}, nil
}

func (e officeEngine) Recognise(_ context.Context, address string) (form.Draft, error) {
	if address != "sso.example.com" {
		return form.Draft{}, &auth.Error{Kind: auth.KindUsage, What: "this is no address"}
	}
	return form.Draft{Provider: "entra", Values: map[string]string{"tenant": "a b&c", "scopes": "api"}}, nil
}

func (e officeEngine) Check(ctx context.Context, d form.Draft) (form.Judgement, error) {
	e.o.note("check")
	return e.o.check(ctx, d)
}

func (e officeEngine) Add(_ context.Context, d form.Draft) (form.Judgement, error) {
	e.o.note("add")
	e.o.drafts = append(e.o.drafts, d)
	return e.o.add(d)
}

func (e officeEngine) Import(_ context.Context, i form.ImportRequest) (form.ImportResult, error) {
	e.o.note("import")
	return e.o.file(i)
}

// engineOf is a client of an engine that runs.
func engineOf(t *testing.T, e server.Engine) *agent.Client {
	t.Helper()
	dir, err := os.MkdirTemp("", "kf") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	listener, err := server.Listen(filepath.Join(dir, "run"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- listener.Serve(ctx, e) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, listener.Close()); err != nil {
			t.Error(err)
		}
	})
	c, err := agent.Dial(ctx, filepath.Join(dir, "run"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// settle lets the engine answer until nothing is asked.
func (o *office) settle() {
	for len(o.answers) > 0 {
		answer := o.answers[0]
		o.answers = o.answers[1:]
		answer()
	}
}

// press presses a key on what has the focus.
func (o *office) press(keys ...fyne.KeyName) {
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
func (o *office) tab(to string) {
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
func (o *office) focus() string {
	switch w := o.win.Canvas().Focused().(type) {
	case *button:
		return w.Text
	case *toggle:
		return w.Text
	case *entry:
		if a, ok := o.top().page.(*adding); ok && a.form != nil {
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

func (o *office) typeIn(s string) {
	o.t.Helper()
	test.Type(o.win.Canvas().Focused(), s)
}

func (o *office) wantAsked(want ...string) {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.Equal(o.asked, want) {
		o.t.Fatalf("asked the engine %q, want %q", o.asked, want)
	}
}
