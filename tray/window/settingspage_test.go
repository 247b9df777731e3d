package window

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/tray/window/widget"
)

// settingsWindow is the page of settings before a real engine that answers from the test.
type settingsWindow struct {
	*setupWindow
	page    *settingsPage
	now     form.Preferences
	changes []form.Change
	fails   error
}

func newSettingsWindow(t *testing.T) *settingsWindow {
	t.Helper()
	d := &settingsWindow{setupWindow: newSetupWindow(t), now: *usual()}
	d.engine = engineOf(t, server.Engine{Setup: settingsEngine{d: d}})
	d.open(agent.PageTools)
	d.open(agent.PageSettings)
	d.settle()
	d.page = d.top().page.(*settingsPage)
	return d
}

// settingsEngine has the settings of a settingsWindow.
type settingsEngine struct {
	server.Setup
	d *settingsWindow
}

func (s settingsEngine) Preferences(context.Context) (form.Preferences, error) { return s.d.now, nil }

func (s settingsEngine) Change(_ context.Context, c form.Change) (form.Preferences, error) {
	d := s.d
	d.changes = append(d.changes, c)
	if d.fails != nil {
		return form.Preferences{}, d.fails
	}
	switch {
	case c.Reminders != nil:
		d.now.Reminders = *c.Reminders
	case c.ClearAfter != nil:
		d.now.ClearAfter = *c.ClearAfter
	case c.Notifications != nil:
		d.now.Notifications = *c.Notifications
	case c.Autostart != nil:
		d.now.Autostart = *c.Autostart
	}
	return d.now, nil
}

// TestSettingsByKeyboard changes each of them and is told so at once.
func TestSettingsByKeyboard(t *testing.T) {
	d := newSettingsWindow(t)
	d.typeIn(", 1")
	d.press(fyne.KeyReturn)
	if d.page.reminders.Text != "15m, 5m, 1m" || !d.page.saved[setReminders].Visible() {
		t.Errorf("shows %q:\n%s", d.page.reminders.Text, settingsText(d.page.model))
	}
	d.win.Canvas().FocusNext()
	if d.win.Canvas().Focused() != fyne.Focusable(d.page.clear) {
		t.Fatal("the time of the clipboard does not come second")
	}
	d.press(fyne.KeyRight)
	d.tab("Show notifications")
	d.press(fyne.KeySpace)
	if !d.page.saved[setNotifications].Visible() || d.page.saved[setReminders].Visible() {
		t.Errorf("says\n%s", settingsText(d.page.model))
	}
	d.tab("Start Keyfob when I log in")
	d.press(fyne.KeyReturn)
	d.tab("Open settings file")
	d.press(fyne.KeyReturn)
	three, two, off, on := []time.Duration{15 * time.Minute, 5 * time.Minute, time.Minute}, 2*time.Minute, false, true
	want := []form.Change{{Reminders: &three}, {ClearAfter: &two}, {Notifications: &off}, {Autostart: &on}, {OpenFile: true}}
	if !reflect.DeepEqual(d.changes, want) {
		t.Errorf("changed %+v", d.changes)
	}
}

// TestARefusedChangeIsNotShownAsMade: each control shows what is.
func TestARefusedChangeIsNotShownAsMade(t *testing.T) {
	d := newSettingsWindow(t)
	d.fails = &auth.Error{Kind: auth.KindFailed, What: "the file cannot be written", Do: "look at its permissions"}
	d.tab("Show notifications")
	d.press(fyne.KeySpace)
	if !d.page.notify.Checked || d.page.faults[setNotifications].Text != "The file cannot be written. Look at its permissions." {
		t.Errorf("notifications are %v, and it says %q", d.page.notify.Checked, d.page.faults[setNotifications].Text)
	}
	d.page.clear.SetSelectedIndex(4)
	d.settle()
	if d.page.clear.Selected != "After 45 seconds" || !d.page.faults[setClearAfter].Visible() {
		t.Errorf("the clipboard is %q", d.page.clear.Selected)
	}
	d.page.reminders.SetText("1000h")
	d.win.Canvas().Focus(d.page.reminders)
	d.press(fyne.KeyReturn)
	if d.page.reminders.Text != "1000h" || !d.page.faults[setReminders].Visible() {
		t.Errorf("what was typed became %q", d.page.reminders.Text)
	}
}

// TestLeavingTheFieldSaves what is typed in it, as everything else is saved at
// once; what is no time is told, and stays.
func TestLeavingTheFieldSaves(t *testing.T) {
	d := newSettingsWindow(t)
	d.typeIn("x")
	d.win.Canvas().FocusNext()
	d.settle()
	if len(d.changes) != 0 || !strings.Contains(d.page.faults[setReminders].Text, "is no time") {
		t.Fatalf("changed %+v, and it says %q", d.changes, d.page.faults[setReminders].Text)
	}
	d.page.reminders.SetText("1h")
	d.win.Canvas().Focus(d.page.reminders)
	d.win.Canvas().FocusNext()
	d.settle()
	if len(d.changes) != 1 || !slices.Equal(d.now.Reminders, []time.Duration{time.Hour}) {
		t.Errorf("changed %+v", d.changes)
	}
}

// TestTheFileIsEditedMeanwhile: the page follows it, but never takes away what
// somebody types.
func TestTheFileIsEditedMeanwhile(t *testing.T) {
	d := newSettingsWindow(t)
	d.now.ClearAfter, d.now.Reminders = 0, nil
	d.typeIn(", 1h")
	d.update(nil)
	d.settle()
	if d.page.clear.Selected != "Never" || d.page.reminders.Text != "15m, 5m, 1h" {
		t.Errorf("shows %q and %q", d.page.clear.Selected, d.page.reminders.Text)
	}
}

func TestABrokenFileIsLeftAlone(t *testing.T) {
	d := newSettingsWindow(t)
	d.now.Problem = &auth.Error{Kind: auth.KindSetup, What: "not valid TOML"}
	d.update(nil)
	d.settle()
	if !d.page.reminders.Disabled() || !d.page.clear.Disabled() || !d.page.notify.Disabled() || d.page.autostart.Disabled() ||
		!d.page.wrong.Visible() {
		t.Error("it can be changed")
	}
	d.tab("Open settings file")
	d.now.Problem = nil
	d.update(nil)
	d.settle()
	if d.page.reminders.Disabled() || d.page.wrong.Visible() {
		t.Error("it cannot be changed once it is fixed")
	}
}

// TestSettingsLayout measures the page at several sizes of window and text.
func TestSettingsLayout(t *testing.T) {
	for _, scale := range []float32{1, 1.5, 2} {
		for _, size := range []fyne.Size{{Width: 420, Height: 300}, {Width: frameWidth, Height: frameHeight}, {Width: 1200, Height: 900}} {
			d := newSettingsWindow(t)
			d.win.Canvas().(interface{ SetScale(float32) }).SetScale(scale)
			d.now.File = "/home/" + strings.Repeat("a-long-name/", 20) + "keyfob.toml"
			d.now.NoAutostart = strings.Repeat("a long clause ", 20)
			d.page.state.results[setReminders] = changeResult{Wrong: strings.Repeat("a long sentence ", 20)}
			d.win.Resize(size)
			d.update(nil)
			d.settle()
			inset, _ := d.win.Canvas().InteractiveArea()
			for _, w := range test.LaidOutObjects(d.win.Content()) {
				if l, ok := w.(*widget.Label); ok && l.Visible() {
					at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l).Subtract(inset)
					if min := l.MinSize(); l.Size().Height+0.5 < min.Height || at.X+l.Size().Width > d.win.Canvas().Size().Width {
						t.Errorf("at %v, scale %v: %q has %v of %v at %v", size, scale, l.Text, l.Size(), min, at)
					}
				}
			}
			for range 10 {
				d.win.Canvas().FocusNext()
				w, ok := d.win.Canvas().Focused().(fyne.CanvasObject)
				if !ok {
					continue
				}
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w)
				if at.Y < 0 || at.Y+w.Size().Height > d.win.Canvas().Size().Height {
					t.Errorf("at %v, scale %v: the focus %q is at %v, out of sight", size, scale, d.focus(), at)
				}
			}
		}
	}
}
