package window

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/session"
)

// form opens the form of a provider and fills in what it needs.
func (o *setupWindow) form() *addPage {
	o.t.Helper()
	o.open(agent.PageTools)
	o.open("add/entra")
	o.settle()
	o.typeIn("Plant 5")
	o.tab("tenant")
	o.typeIn("contoso.com")
	o.tab("client_id")
	o.typeIn("abc")
	return o.top().page.(*addPage)
}

// TestAddByKeyboard: from the list of tools to the new one in it, without a
// mouse.
func TestAddByKeyboard(t *testing.T) {
	o := newSetupWindow(t)
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
	want := form.Draft{
		Provider: "entra",
		Values:   map[string]string{"name": "Plant 5", "tenant": "contoso.com", "client_id": "abc", "scopes": "profile"},
	}
	if !reflect.DeepEqual(o.drafts[0], want) {
		t.Errorf("the draft is %+v", o.drafts[0])
	}
	if len(o.stack) != 1 || o.top().key != agent.PageTools || o.quits != 0 {
		t.Errorf("%d pages are open, on top %s", len(o.stack), o.top().key)
	}
}

// TestTheNewToolIsChosen: Enter signs in to it, although its session comes a
// moment after the answer that it was added, and is not the first.
func TestTheNewToolIsChosen(t *testing.T) {
	o := newSetupWindow(t)
	first, second := session.Snapshot{Tool: "park", Name: "A Park"}, session.Snapshot{Tool: "plant-5", Name: "Plant 5"}
	o.update([]session.Snapshot{first})
	o.form()
	o.press(fyne.KeyReturn)
	list := o.top().page.(*toolsPage)
	if list.chosen != "park" {
		t.Fatalf("%q is chosen ahead of the session", list.chosen)
	}
	o.update([]session.Snapshot{first, second})
	if list.chosen != "plant-5" || o.win.Canvas().Focused() != fyne.Focusable(list.list) {
		t.Errorf("%q is chosen", list.chosen)
	}
	list.choose("park")
	o.update([]session.Snapshot{first, second})
	if list.chosen != "park" {
		t.Error("the choice is taken away later on")
	}
}

// TestAPastedAddressFillsIn: whoever does not know what provider it is pastes
// the address of its page.
func TestAPastedAddressFillsIn(t *testing.T) {
	o := newSetupWindow(t)
	o.open(agent.PageAdd)
	o.settle()
	list := o.top().page.(*addPage)
	o.typeIn("what?")
	o.press(fyne.KeyReturn)
	if !list.noAddress.Visible() || list.noAddress.Text != "This is no address." ||
		o.win.Canvas().Focused() != fyne.Focusable(list.address) {
		t.Fatalf("it says %q", list.noAddress.Text)
	}
	o.typeIn("x")
	if list.noAddress.Visible() {
		t.Error("it says so about another")
	}
	list.address.SetText("sso.example.com")
	o.press(fyne.KeyReturn)
	form := o.top().page.(*addPage).form
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
	o := newSetupWindow(t)
	o.open("add/entra")
	o.settle()
	o.press(fyne.KeyReturn)
	if len(o.stack) != 1 || o.top().key != agent.PageTools || o.quits != 0 {
		t.Errorf("%d pages are open, on top %s", len(o.stack), o.top().key)
	}
}

func TestFaultsAreToldAtTheirFields(t *testing.T) {
	o := newSetupWindow(t)
	o.check = func(context.Context, form.Draft) (form.Judgement, error) {
		return form.Judgement{Faults: []form.Fault{
			{Key: "tenant", Err: &auth.Error{What: "this is needed"}},
			{Key: "client_id", Err: &auth.Error{What: "this too"}},
		}}, nil
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
	for name, check := range map[string]func(context.Context, form.Draft) (form.Judgement, error){
		"incompatible": func(context.Context, form.Draft) (form.Judgement, error) {
			return form.Judgement{Verdict: "incompatible", Because: []string{"it has no keys"}}, nil
		},
		"out of reach": func(context.Context, form.Draft) (form.Judgement, error) {
			return form.Judgement{}, &auth.Error{Kind: auth.KindTransient, What: "it has no keys"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newSetupWindow(t)
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
	o := newSetupWindow(t)
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
	o := newSetupWindow(t)
	stopped := make(chan struct{})
	began := make(chan struct{})
	o.check = func(ctx context.Context, _ form.Draft) (form.Judgement, error) {
		close(began)
		<-ctx.Done()
		close(stopped)
		return form.Judgement{}, ctx.Err()
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
	o := newSetupWindow(t)
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
	o := newSetupWindow(t)
	a := o.form()
	o.tab("Copy")
	o.press(fyne.KeySpace)
	o.wantAsked("copy redirect of entra")
	if a.form.copied.Text != "Copied http://localhost/callback." || !a.form.copied.Visible() {
		t.Errorf("it says %q", a.form.copied.Text)
	}
}
