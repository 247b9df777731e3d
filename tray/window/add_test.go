package window

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
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
	check  func(ctx context.Context, d agent.Draft) (agent.Judged, error)
	add    func(d agent.Draft) (agent.Judged, error)
	file   func(i agent.Import) (agent.Imported, error)
}

func (o *office) note(what string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, what)
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t}
	o.check = func(context.Context, agent.Draft) (agent.Judged, error) {
		return agent.Judged{ID: "plant-5", Verdict: "compatible"}, nil
	}
	o.add = func(agent.Draft) (agent.Judged, error) { return agent.Judged{ID: "plant-5"}, nil }
	setup := &agent.Setup{
		Presets: func(context.Context) ([]agent.Preset, error) {
			other := entraForm
			other.ID, other.Name = "keycloak", "Keycloak"
			return []agent.Preset{entraForm, other}, nil
		},
		Recognise: func(_ context.Context, address string) (agent.Draft, error) {
			if address != "sso.example.com" {
				return agent.Draft{}, &auth.Error{Kind: auth.KindUsage, What: "this is no address"}
			}
			return agent.Draft{Provider: "entra", Values: map[string]string{"tenant": "a b&c", "scopes": "api"}}, nil
		},
		Check: func(ctx context.Context, d agent.Draft) (agent.Judged, error) {
			o.note("check")
			return o.check(ctx, d)
		},
		Add: func(_ context.Context, d agent.Draft) (agent.Judged, error) {
			o.note("add")
			o.drafts = append(o.drafts, d)
			return o.add(d)
		},
		Import: func(_ context.Context, i agent.Import) (agent.Imported, error) {
			o.note("import")
			return o.file(i)
		},
	}
	o.frame = &frame{
		win: test.NewTempApp(t).NewWindow("Keyfob"), now: time.Now, quit: func() { o.quits++ }, make: allPages(),
		engine: engineOf(t, agent.Engine{
			Setup: setup,
			Copy: func(_ context.Context, tool string, as agent.CopyAs) error {
				o.note("copy " + string(as) + " of " + tool)
				return nil
			},
		}),
		run: func(ctx context.Context, work func(context.Context) error, then func(error)) {
			o.answers = append(o.answers, func() { then(work(ctx)) })
		},
	}
	o.win.Resize(fyne.NewSize(frameWidth, frameHeight))
	return o
}

// engineOf is a client of an engine that runs.
func engineOf(t *testing.T, e agent.Engine) *agent.Client {
	t.Helper()
	dir, err := os.MkdirTemp("", "kf") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	listener, err := agent.Listen(filepath.Join(dir, "run"))
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

// form opens the form of a provider and fills in what it needs.
func (o *office) form() *adding {
	o.t.Helper()
	o.open(agent.PageTools)
	o.open("add/entra")
	o.settle()
	o.typeIn("Plant 5")
	o.tab("tenant")
	o.typeIn("contoso.com")
	o.tab("client_id")
	o.typeIn("abc")
	return o.top().page.(*adding)
}

// TestAddByKeyboard: from the list of tools to the new one in it, without a
// mouse.
func TestAddByKeyboard(t *testing.T) {
	o := newOffice(t)
	o.open(agent.PageTools)
	o.open(agent.PageAdd)
	o.settle()
	o.press(fyne.KeyDown)
	if o.focus() != "ThingWorx's own settings" {
		t.Fatalf("the focus is on %q", o.focus())
	}
	o.press(fyne.KeyUp, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown)
	if o.focus() != "Keycloak" {
		t.Fatalf("down at the end, the focus is on %q", o.focus())
	}
	o.press(fyne.KeyUp, fyne.KeyReturn)
	if o.focus() != "name" || o.win.Title() != "Keyfob: Add a tool: Microsoft Entra ID" {
		t.Fatalf("the focus is on %q of %q", o.focus(), o.win.Title())
	}
	o.typeIn("Plant 5")
	o.tab("tenant")
	o.typeIn("contoso.com")
	o.tab("client_id")
	o.typeIn("abc")
	o.press(fyne.KeyReturn)
	o.wantAsked("check", "add")
	want := agent.Draft{Provider: "entra", Values: map[string]string{"name": "Plant 5", "tenant": "contoso.com", "client_id": "abc", "scopes": "profile"}}
	if !reflect.DeepEqual(o.drafts[0], want) {
		t.Errorf("the draft is %+v", o.drafts[0])
	}
	if len(o.stack) != 1 || o.top().key != agent.PageTools || o.quits != 0 {
		t.Errorf("%d pages are open, on top %s", len(o.stack), o.top().key)
	}
}

// TestAPastedAddressFillsIn: whoever does not know what provider it is pastes
// the address of its page.
func TestAPastedAddressFillsIn(t *testing.T) {
	o := newOffice(t)
	o.open(agent.PageAdd)
	o.settle()
	list := o.top().page.(*adding)
	o.typeIn("what?")
	o.press(fyne.KeyReturn)
	if !list.noAddress.Visible() || list.noAddress.Text != "This is no address." || o.win.Canvas().Focused() != fyne.Focusable(list.address) {
		t.Fatalf("it says %q", list.noAddress.Text)
	}
	o.typeIn("x")
	if list.noAddress.Visible() {
		t.Error("it says so about another")
	}
	list.address.SetText("sso.example.com")
	o.press(fyne.KeyReturn)
	form := o.top().page.(*adding).form
	if form == nil || o.focus() != "name" || form.entries["tenant"].Text != "a b&c" || form.entries["scopes"].Text != "api" {
		t.Fatalf("the form is not filled in")
	}
	o.typeIn("Plant 5")
	o.press(fyne.KeyReturn)
	if want := map[string]string{"name": "Plant 5", "tenant": "a b&c", "scopes": "api"}; !reflect.DeepEqual(o.drafts[0].Values, want) {
		t.Errorf("the draft is %+v", o.drafts[0])
	}
}

// TestAddFromTheTray: the form that was opened by itself leads to the list.
func TestAddFromTheTray(t *testing.T) {
	o := newOffice(t)
	o.open("add/entra")
	o.settle()
	o.press(fyne.KeyReturn)
	if len(o.stack) != 1 || o.top().key != agent.PageTools || o.quits != 0 {
		t.Errorf("%d pages are open, on top %s", len(o.stack), o.top().key)
	}
}

func TestFaultsAreToldAtTheirFields(t *testing.T) {
	o := newOffice(t)
	o.check = func(context.Context, agent.Draft) (agent.Judged, error) {
		return agent.Judged{Faults: []agent.Fault{{Key: "tenant", Text: "This is needed."}, {Key: "client_id", Text: "This too."}}}, nil
	}
	a := o.form()
	o.press(fyne.KeyReturn)
	o.wantAsked("check")
	if o.focus() != "tenant" || !strings.Contains(addText(a.form.model), "! This is needed.") || !a.form.fields["tenant"].fault.Visible() {
		t.Fatalf("the focus is on %q, and the form reads\n%s", o.focus(), addText(a.form.model))
	}
	o.typeIn("x")
	if a.form.fields["tenant"].fault.Visible() || !a.form.fields["client_id"].fault.Visible() {
		t.Error("typing takes away another fault than that of the field")
	}
}

// TestSaveAnyway: a check that failed is told, and does not hold up whoever
// knows better.
func TestSaveAnyway(t *testing.T) {
	for name, check := range map[string]func(context.Context, agent.Draft) (agent.Judged, error){
		"incompatible": func(context.Context, agent.Draft) (agent.Judged, error) {
			return agent.Judged{Verdict: "incompatible", Because: []string{"it has no keys"}}, nil
		},
		"out of reach": func(context.Context, agent.Draft) (agent.Judged, error) {
			return agent.Judged{}, &auth.Error{Kind: auth.KindTransient, What: "it has no keys"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.check = check
			a := o.form()
			o.press(fyne.KeyReturn)
			o.wantAsked("check")
			if s := addText(a.form.model); !strings.Contains(s, "It has no keys.") || a.form.save.Text != "Save anyway" {
				t.Fatalf("reads\n%s", s)
			}
			o.press(fyne.KeyReturn) // in a hurry
			o.wantAsked("check")
			if o.focus() != "Save anyway" {
				t.Fatalf("the focus is on %q", o.focus())
			}
			o.press(fyne.KeyReturn)
			o.wantAsked("check", "add")
		})
	}
}

func TestCheckAlone(t *testing.T) {
	o := newOffice(t)
	a := o.form()
	o.tab("Check")
	o.press(fyne.KeyReturn)
	o.wantAsked("check")
	if s := addText(a.form.model); !strings.Contains(s, "This provider fits.") || o.focus() != "Check again" {
		t.Fatalf("the focus is on %q, and the form reads\n%s", o.focus(), s)
	}
	o.tab("Save")
	o.press(fyne.KeyReturn)
	o.wantAsked("check", "add")
}

// TestEscStopsTheCheck: the engine asks no further, what it says later is not
// shown, and the form is still there.
func TestEscStopsTheCheck(t *testing.T) {
	o := newOffice(t)
	stopped := make(chan struct{})
	began := make(chan struct{})
	o.check = func(ctx context.Context, _ agent.Draft) (agent.Judged, error) {
		close(began)
		<-ctx.Done()
		close(stopped)
		return agent.Judged{}, ctx.Err()
	}
	a := o.form()
	a.save()
	answer := o.answers[0]
	o.answers = nil
	ended := make(chan struct{})
	go func() { answer(); close(ended) }() // then is called at its end, when esc is done
	<-began
	o.escape()
	<-stopped
	<-ended
	if a.state.busy != addIdle || a.state.problem != nil || o.top().key != "add/entra" {
		t.Errorf("after Esc: %+v on %s", a.state, o.top().key)
	}
	o.wantAsked("check")
	o.escape()
	if o.top().key != agent.PageTools {
		t.Errorf("Esc once more shows %s", o.top().key)
	}
}

// TestUpdatesLeaveTheFormAlone: sessions change while somebody types.
func TestUpdatesLeaveTheFormAlone(t *testing.T) {
	o := newOffice(t)
	a := o.form()
	o.update([]session.Snapshot{{Tool: "plant-5", Name: "Plant 5"}})
	if o.focus() != "client_id" || a.form.entries["client_id"].Text != "abc" {
		t.Errorf("the focus is on %q", o.focus())
	}
	if s := addText(a.form.model); !strings.Contains(s, "plant-5-2") {
		t.Errorf("the ID is that of another tool:\n%s", s)
	}
}

func TestCopyRedirect(t *testing.T) {
	o := newOffice(t)
	a := o.form()
	o.tab("Copy")
	o.press(fyne.KeySpace)
	o.wantAsked("copy redirect of entra")
	if a.form.told.Text != "Copied http://localhost/callback." || !a.form.told.Visible() {
		t.Errorf("it says %q", a.form.told.Text)
	}
}

func TestImportByKeyboard(t *testing.T) {
	o := newOffice(t)
	var asked []agent.Import
	o.file = func(i agent.Import) (agent.Imported, error) {
		asked = append(asked, i)
		if i.Path == "/wrong" {
			return agent.Imported{}, &auth.Error{Kind: auth.KindUsage, What: "cannot read /wrong"}
		}
		return agent.Imported{Secrets: 1, Entries: []agent.ImportedEntry{{Name: "AzureAd", Tool: "azuread", Title: "ThingWorx"}}}, nil
	}
	o.open(agent.PageTools)
	o.open(agent.PageAdd)
	o.open(agent.PageImport)
	page := o.top().page.(*importing)
	o.typeIn("/wrong")
	o.press(fyne.KeyReturn)
	if o.focus() != "entry" || page.wrong.Text != "Cannot read /wrong." || !page.wrong.Visible() || page.next.Visible() {
		t.Fatalf("after a wrong name the focus is on %q, and it says %q", o.focus(), page.wrong.Text)
	}
	page.path.SetText("")
	o.typeIn("/sso.json")
	o.press(fyne.KeyReturn)
	if o.focus() != "Import 1 tool" || page.wrong.Visible() {
		t.Fatalf("the focus is on %q", o.focus())
	}
	o.tab("Keep the client secrets too, in this computer's keychain")
	o.press(fyne.KeySpace)
	o.tab("Import 1 tool")
	o.press(fyne.KeyReturn)
	want := []agent.Import{{Path: "/wrong"}, {Path: "/sso.json"}, {Path: "/sso.json", Take: true, WithSecret: true}}
	if !slices.Equal(asked, want) || o.focus() != "Show tools" {
		t.Fatalf("asked for %+v, and the focus is on %q", asked, o.focus())
	}
	o.press(fyne.KeyReturn)
	if len(o.stack) != 1 || o.top().key != agent.PageTools {
		t.Errorf("on top is %s", o.top().key)
	}
}

// TestAddLayout measures the pages at several sizes of window and text: nothing
// is narrower than it needs, nothing leaves its column, and what has the focus
// is in sight.
func TestAddLayout(t *testing.T) {
	for _, scale := range []float32{1, 1.5, 2} {
		for _, size := range []fyne.Size{{Width: 600, Height: 400}, {Width: frameWidth, Height: frameHeight}, {Width: 1200, Height: 900}} {
			for _, key := range []string{agent.PageAdd, "add/entra", agent.PageImport} {
				o := newOffice(t)
				o.file = func(agent.Import) (agent.Imported, error) {
					return agent.Imported{Secrets: 1, Entries: []agent.ImportedEntry{{Name: "AzureAd", Tool: "azuread", Title: "ThingWorx", Left: []string{strings.Repeat("a long sentence ", 20)}}}}, nil
				}
				o.check = func(context.Context, agent.Draft) (agent.Judged, error) {
					return agent.Judged{Verdict: "degraded", Because: []string{strings.Repeat("a long clause ", 9)}, Rows: []agent.Row{{Name: "TLS", Need: "noted", Result: "failed", Text: strings.Repeat("long words ", 9)}}}, nil
				}
				o.win.Canvas().(interface{ SetScale(float32) }).SetScale(scale)
				o.open(key)
				o.settle()
				o.win.Resize(size)
				switch page := o.top().page.(type) {
				case *importing:
					o.typeIn("/x")
					o.press(fyne.KeyReturn)
				case *adding:
					if page.form != nil {
						page.check()
						o.settle()
						page.wrong([]agent.Fault{{Key: "tenant", Text: strings.Repeat("This is needed. ", 9)}})
					}
				}
				inset, _ := o.win.Canvas().InteractiveArea()
				for _, w := range test.LaidOutObjects(o.win.Content()) {
					l, ok := w.(*widget.Label)
					if !ok || !l.Visible() || l.Truncation != fyne.TextTruncateOff {
						continue
					}
					at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l).Subtract(inset)
					if min := l.MinSize(); l.Size().Height+0.5 < min.Height || at.X < 0 || at.X+l.Size().Width > o.win.Canvas().Size().Width {
						t.Errorf("%s at %v, scale %v: %q has %v of %v at %v", key, size, scale, l.Text, l.Size(), min, at)
					}
				}
				for range 25 {
					o.win.Canvas().FocusNext()
					w, ok := o.win.Canvas().Focused().(fyne.CanvasObject)
					if !ok {
						continue
					}
					at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w)
					if at.Y < 0 || at.Y+w.Size().Height > o.win.Canvas().Size().Height {
						t.Errorf("%s at %v, scale %v: the focus %q is at %v, out of sight", key, size, scale, o.focus(), at)
					}
				}
			}
		}
	}
}
