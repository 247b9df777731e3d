package desktop

import (
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// failures tells of clicks that failed, until they no longer matter. It belongs
// to the screen's goroutine.
type failures struct {
	notices *notices
	of      map[string]failure // what is told of, by tool; "" for none
}

// failure is a click that failed, of which a notification tells.
type failure struct {
	at  time.Time
	set string // the session's, by which a later one is told apart
}

// tell tells of what a click on a tool failed with.
func (f *failures) tell(tool, title string, err error, is failure) {
	f.of[tool] = is
	f.notices.show(failureKey(tool), failureNote(title, auth.AsError(err)))
}

// outdate takes away what failed of a tool once somebody tries to sign in to it
// again, or has, wherever that was begun.
func (f *failures) outdate(all []session.Snapshot) {
	for _, s := range all {
		was, told := f.of[s.Tool]
		if told && (s.Set != was.set || s.State == session.SigningIn && s.SignInAt.After(was.at)) {
			delete(f.of, s.Tool)
			f.notices.dismiss(failureKey(s.Tool))
		}
	}
}

func failureKey(tool string) string { return tool + "/error" }
