package window

import (
	"context"
	"slices"

	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/wording"
)

// load asks how things are.
func (s *settingsPage) load() {
	s.fetch(func(ctx context.Context) (form.Preferences, error) { return s.env.engine.Preferences(ctx) }, func(err error) {
		s.state.problem = auth.AsError(err)
	})
}

// fetch takes over what the engine says of the preferences.
func (s *settingsPage) fetch(work func(context.Context) (form.Preferences, error), then func(error)) {
	var got form.Preferences
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
func (s *settingsPage) change(key string, c form.Change) {
	s.fetch(func(ctx context.Context) (form.Preferences, error) { return s.env.engine.Change(ctx, c) }, func(err error) {
		switch {
		case err != nil:
			s.state.results = map[string]changeResult{key: {Wrong: wording.Explain(auth.AsError(err))}}
		case c.OpenFile:
			s.state.results = map[string]changeResult{}
		default:
			s.state.results = map[string]changeResult{key: {Saved: true}}
			if c.Reminders != nil {
				s.state.typed = nil
			}
		}
	})
}

func (s *settingsPage) typed(text string) {
	if text == s.model.Reminders {
		return
	}
	s.state.typed = &text
	delete(s.state.results, setReminders)
	s.show()
}

// saveReminders saves what is typed.
func (s *settingsPage) saveReminders() {
	if s.state.typed == nil {
		return
	}
	all, err := readSpans(*s.state.typed)
	if err != nil {
		s.state.results = map[string]changeResult{setReminders: {Wrong: err.Error()}}
		s.show()
		return
	}
	s.change(setReminders, form.Change{Reminders: &all})
}

func (s *settingsPage) clearChosen(word string) {
	i := slices.Index(s.model.Clear, word)
	if times := clearTimes(s.state.now.ClearAfter); i >= 0 && times[i] != s.state.now.ClearAfter {
		s.change(setClearAfter, form.Change{ClearAfter: &times[i]})
	}
}
