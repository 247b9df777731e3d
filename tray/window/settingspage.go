package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"keyfob/app/setup/form"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// settingWidth is the width of a field.
const settingWidth = 300

// settingsPage is the page on which a person says how Keyfob behaves. Each
// change is written at once.
type settingsPage struct {
	env   env
	state settingsState
	model settingsModel

	scroll       *container.Scroll
	wrong        *widget.Label
	reminders    *widget.Field
	remindersAre *widget.Label
	clear        *widget.Select
	notify       *widget.Checkbox
	autostart    *widget.Checkbox
	noAutostart  *widget.Label
	file         *widget.Label
	openFile     *widget.Button
	faults       map[string]*widget.Label // what is wrong with a change
	saved        map[string]*fyne.Container
}

func newSettingsPage(e env, _ string) page {
	s := &settingsPage{
		env: e, state: settingsState{results: map[string]changeResult{}},
		faults: map[string]*widget.Label{}, saved: map[string]*fyne.Container{},
		scroll: container.NewVScroll(nil),
		wrong:  widget.Problem(""), remindersAre: widget.Small(""), noAutostart: widget.Small(""), file: widget.Text(""),
	}
	s.reminders = widget.NewField("15m, 5m", s.saveReminders, e.esc)
	s.reminders.OnChanged, s.reminders.OnLeave = s.typed, s.saveReminders
	s.clear = widget.NewSelect(s.clearChosen, e.esc)
	s.notify = widget.NewCheckbox("Show notifications", func(on bool) {
		s.change(setNotifications, form.Change{Notifications: &on})
	}, e.esc)
	s.autostart = widget.NewCheckbox("Start Keyfob when I log in", func(on bool) {
		s.change(setAutostart, form.Change{Autostart: &on})
	}, e.esc)
	s.openFile = widget.NewButton("Open settings file", widget.Normal, func() {
		s.change(setFile, form.Change{OpenFile: true})
	}, e.esc)
	reveal := func(o fyne.CanvasObject) { widget.Reveal(s.scroll, o, revealMargin) }
	s.reminders.OnFocus = func(f *widget.Field) { reveal(f) }
	s.clear.OnFocus = func() { reveal(s.clear) }
	s.notify.OnFocus = func() { reveal(s.notify) }
	s.autostart.OnFocus = func() { reveal(s.autostart) }
	s.openFile.OnFocus = func(b *widget.Button) { reveal(b) }
	s.file.Wrapping = fyne.TextWrapBreak

	s.scroll.Content = widget.Column(widget.InScroll(s.scroll), 18, s.parts()...)
	s.show()
	s.load()
	return s
}

// parts are the preferences, one below the other.
func (s *settingsPage) parts() []fyne.CanvasObject {
	text := func(l *widget.Label) fyne.CanvasObject { return prose(s.scroll, l) }
	narrow := func(o fyne.CanvasObject) fyne.CanvasObject {
		return container.NewHBox(widget.FixedColumn(settingWidth, 0, o))
	}
	// Help stands below the words of a box to tick.
	across := widget.InScroll(s.scroll)
	inner := func() float32 { return across() - widget.CheckboxIndent }
	underBox := container.New(
		layout.NewCustomPaddedLayout(0, 0, widget.CheckboxIndent, 0),
		widget.Prose(inner, proseGap, widget.Small("Without them the icon and a window tell you.")),
	)
	return []fyne.CanvasObject{
		text(s.wrong),
		s.part(setReminders, text(widget.Bold("Remind me before access ends")), narrow(s.reminders), text(s.remindersAre)),
		s.part(
			setClearAfter,
			text(widget.Bold("Take a copied token out of the clipboard")),
			narrow(s.clear.Object()),
			text(widget.Small("A token is also taken out when you sign out, lock the screen or quit.")),
		),
		s.part(setNotifications, container.NewHBox(s.notify.Object()), underBox),
		s.part(setAutostart, container.NewHBox(s.autostart.Object()), text(s.noAutostart)),
		s.part(
			setFile,
			text(widget.Bold("All settings are in this file")),
			text(s.file),
			container.NewHBox(s.openFile.Object()),
			text(widget.Small("It may be edited while Keyfob runs.")),
		),
	}
}

// part is one preference, and below it what became of a change.
func (s *settingsPage) part(key string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	width := widget.InScroll(s.scroll)
	s.faults[key] = widget.Problem("")
	s.faults[key].Hide()
	s.saved[key] = widget.Marked(width, widget.MarkGood, 16, widget.Text("Saved."))
	s.saved[key].Hide()
	return widget.Column(width, 6, append(objects, prose(s.scroll, s.faults[key]), s.saved[key])...)
}

func (s *settingsPage) title() string             { return "Settings" }
func (s *settingsPage) object() fyne.CanvasObject { return s.scroll }
func (s *settingsPage) first() fyne.Focusable     { return s.reminders }
func (s *settingsPage) esc() bool                 { return false }
func (s *settingsPage) closed()                   {}

// update asks how things are now: the file may have been edited.
func (s *settingsPage) update([]session.Snapshot) {
	if s.state.now != nil {
		s.load()
	}
}

// show draws what is known now.
func (s *settingsPage) show() {
	m := settingsView(&s.state)
	if m.Equal(s.model) {
		s.restore(m)
		return
	}
	s.model = m
	widget.SetOrHide(s.wrong, m.Wrong)
	widget.SetOrHide(s.remindersAre, m.RemindersAre)
	widget.SetOrHide(s.noAutostart, m.NoAutostart)
	widget.SetOrHide(s.file, m.File)
	for key, l := range s.faults {
		widget.SetOrHide(l, m.Results[key].Wrong)
		s.saved[key].Hidden = !m.Results[key].Saved
	}
	s.restore(m)
	widget.Enable(s.reminders, !m.Off)
	widget.Enable(s.clear, !m.Off)
	widget.Enable(s.notify, !m.Off)
	widget.Enable(s.autostart, !m.LoginOff)
	s.scroll.Content.Refresh()
	s.scroll.Refresh()
}

// restore puts each control where the settings are: a change that was refused
// is not shown as made.
func (s *settingsPage) restore(m settingsModel) {
	if s.reminders.Text != m.Reminders {
		s.reminders.SetText(m.Reminders)
		s.reminders.CursorColumn = len([]rune(m.Reminders))
	}
	if len(m.Clear) > 0 {
		s.clear.Set(m.Clear, m.ClearAt)
	}
	s.notify.Set(m.Notifications)
	s.autostart.Set(m.Autostart)
}
