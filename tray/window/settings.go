package window

import (
	"context"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// settings is the page on which a person says how Keyfob behaves. Each change
// is written at once.
type settings struct {
	env   env
	state settingsState
	model settingsModel

	scroll    *container.Scroll
	wrong     *widget.Label
	reminders *entry
	are       *widget.Label
	clear     *selector
	notify    *toggle
	autostart *toggle
	without   *widget.Label // why there is no autostart
	file      *widget.Label
	open      *button
	said      map[string]*widget.Label // what is wrong with a change
	saved     map[string]fyne.CanvasObject
}

func newSettings(e env, _ string) page {
	s := &settings{
		env: e, state: settingsState{said: map[string]told{}}, said: map[string]*widget.Label{}, saved: map[string]fyne.CanvasObject{},
		scroll: container.NewVScroll(
			nil,
		), wrong: label("", widget.DangerImportance), are: small(""), without: small(""), file: label("", widget.MediumImportance),
	}
	s.reminders = newEntry("15m, 5m", s.saveReminders, e.esc)
	s.reminders.OnChanged = s.typed
	s.reminders.onLeave = s.saveReminders
	s.clear = newSelector(e.esc)
	s.notify = newToggle("Show notifications", func(on bool) { s.change(setNotifications, form.Change{Notifications: &on}) }, e.esc)
	s.autostart = newToggle("Start Keyfob when I log in", func(on bool) { s.change(setAutostart, form.Change{Autostart: &on}) }, e.esc)
	s.open = newButton(
		"Open settings file",
		widget.MediumImportance,
		func() { s.change(setFile, form.Change{OpenFile: true}) },
		e.esc,
		func(b *button) { reveal(s.scroll, b) },
	)
	s.reminders.onFocus = func(e *entry) { reveal(s.scroll, e) }
	s.clear.onFocus = func() { reveal(s.scroll, s.clear) }
	s.notify.onFocus = func() { reveal(s.scroll, s.notify) }
	s.autostart.onFocus = func() { reveal(s.scroll, s.autostart) }
	s.file.Wrapping = fyne.TextWrapBreak
	s.clear.OnChanged = s.clearChosen

	part := func(key, title, help string, objects ...fyne.CanvasObject) fyne.CanvasObject {
		s.said[key] = label("", widget.MediumImportance)
		s.said[key].Hide()
		s.saved[key] = markedRow(s.scroll, markGood, 16, label("Saved.", widget.MediumImportance))
		s.saved[key].Hide()
		var all []fyne.CanvasObject
		if title != "" {
			all = append(all, s.tight(bold(title)))
		}
		all = append(all, objects...)
		if help != "" && title == "" { // below the word of a box to tick
			all = append(all, container.New(layout.NewCustomPaddedLayout(0, 0, boxWidth, 0), s.within(boxWidth, small(help))))
		} else if help != "" {
			all = append(all, s.tight(small(help)))
		}
		return container.New(upright{width: width(s.scroll), gap: 6}, append(all, s.tight(s.said[key]), s.saved[key])...)
	}
	s.scroll.Content = container.New(
		upright{width: width(s.scroll), gap: 18},
		s.tight(s.wrong),
		part(setReminders, "Remind me before access ends", "", s.narrow(s.reminders), s.tight(s.are)),
		part(
			setClearAfter,
			"Take a copied token out of the clipboard",
			"A token is also taken out when you sign out, lock the screen or quit.",
			s.narrow(s.clear.object()),
		),
		part(setNotifications, "", "Without them the icon and a window tell you.", container.NewHBox(s.notify.object())),
		part(setAutostart, "", "", container.NewHBox(s.autostart.object()), s.tight(s.without)),
		part(
			setFile,
			"All settings are in this file",
			"It may be edited while Keyfob runs.",
			s.tight(s.file),
			container.NewHBox(s.open.object()),
		),
	)
	s.show()
	s.load()
	return s
}

// tight stacks labels as text is set.
func (s *settings) tight(labels ...fyne.CanvasObject) fyne.CanvasObject {
	return s.within(0, labels...)
}

// within does the same where something else takes a part of the width.
func (s *settings) within(taken float32, labels ...fyne.CanvasObject) fyne.CanvasObject {
	across := width(s.scroll)
	return container.New(upright{width: func() float32 { return across() - taken }, gap: 4, cut: theme.InnerPadding()}, labels...)
}

const (
	settingWidth = 300 // of a field
	boxWidth     = 30  // from the edge to the word of a box to tick
)

func (s *settings) narrow(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewHBox(container.New(column{width: settingWidth}, o))
}

func (s *settings) title() string             { return "Settings" }
func (s *settings) object() fyne.CanvasObject { return s.scroll }
func (s *settings) first() fyne.Focusable     { return s.reminders }
func (s *settings) esc() bool                 { return false }
func (s *settings) left()                     {}

// update asks how things are now: the file may have been edited.
func (s *settings) update([]session.Snapshot) {
	if s.state.now != nil {
		s.load()
	}
}

func (s *settings) load() {
	s.ask(func(ctx context.Context) (form.Preferences, error) { return s.env.engine.Preferences(ctx) }, func(err error) {
		s.state.problem = auth.AsError(err)
	})
}

// ask takes over what the engine says of the preferences.
func (s *settings) ask(work func(context.Context) (form.Preferences, error), then func(error)) {
	var got agent.Preferences
	s.env.start(func(ctx context.Context) (err error) {
		got, err = work(ctx)
		return err
	}, func(err error) {
		if err == nil {
			s.state.now = &got
		}
		then(err)
		s.show()
	})
}

// change has the engine change a preference, and says what became of it.
func (s *settings) change(key string, c form.Change) {
	s.ask(func(ctx context.Context) (form.Preferences, error) { return s.env.engine.Change(ctx, c) }, func(err error) {
		switch {
		case err != nil:
			s.state.said = map[string]told{key: {Wrong: wording.Explain(auth.AsError(err))}}
		case c.OpenFile:
			s.state.said = map[string]told{}
		default:
			s.state.said = map[string]told{key: {Saved: true}}
			if c.Reminders != nil {
				s.state.typed = nil
			}
		}
	})
}

func (s *settings) typed(text string) {
	if text == s.model.Reminders {
		return
	}
	s.state.typed = &text
	delete(s.state.said, setReminders)
	s.show()
}

// saveReminders saves what is typed.
func (s *settings) saveReminders() {
	if s.state.typed == nil {
		return
	}
	all, err := readSpans(*s.state.typed)
	if err != nil {
		s.state.said = map[string]told{setReminders: {Wrong: err.Error()}}
		s.show()
		return
	}
	s.change(setReminders, form.Change{Reminders: &all})
}

func (s *settings) clearChosen(word string) {
	i := slices.Index(s.model.Clear, word)
	if times := clearTimes(s.state.now.ClearAfter); i >= 0 && times[i] != s.state.now.ClearAfter {
		s.change(setClearAfter, form.Change{ClearAfter: &times[i]})
	}
}

// show draws what is known now.
func (s *settings) show() {
	m := settingsView(&s.state)
	if reflect.DeepEqual(m, s.model) {
		s.restore(m)
		return
	}
	s.model = m
	set(s.wrong, m.Wrong)
	set(s.are, m.RemindersAre)
	set(s.without, m.NoAutostart)
	set(s.file, m.File)
	for key, l := range s.said {
		l.Importance = widget.DangerImportance
		set(l, m.Said[key].Wrong)
		if saved := s.saved[key]; saved.Visible() != m.Said[key].Saved {
			saved.(*fyne.Container).Hidden = !m.Said[key].Saved
		}
	}
	s.restore(m)
	able(s.reminders, !m.Off)
	able(s.clear, !m.Off)
	able(s.notify, !m.Off)
	able(s.autostart, !m.LoginOff)
	s.scroll.Content.Refresh()
	s.scroll.Refresh()
}

// able lets a person use a control, or not.
func able(w fyne.Disableable, can bool) {
	switch {
	case can && w.Disabled():
		w.Enable()
	case !can && !w.Disabled():
		w.Disable()
	}
}

// restore puts each control where the settings are: a change that was refused
// is not shown as made.
func (s *settings) restore(m settingsModel) {
	if s.reminders.Text != m.Reminders {
		s.reminders.SetText(m.Reminders)
		s.reminders.CursorColumn = len([]rune(m.Reminders))
	}
	if len(m.Clear) > 0 && (s.clear.SelectedIndex() != m.ClearAt || !slices.Equal(s.clear.Options, m.Clear)) {
		s.clear.put(m.Clear, m.ClearAt)
	}
	s.notify.put(m.Notifications)
	s.autostart.put(m.Autostart)
}
