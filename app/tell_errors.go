package app

import (
	"context"
	"slices"
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/notify"
)

// failure is a click that failed, of which a notification tells.
type failure struct {
	at  time.Time
	set string // the session's, by which a later one is told apart
}

// complain tells of what a click on a tool, "" for none, failed with.
func (t *teller) complain(ctx context.Context, tool, title string, err error) {
	f := failure{at: t.now()}
	if s, ok := t.find(ctx, tool); ok {
		f.set = s.Set
	}
	_ = t.job(ctx, func(ctx context.Context) {
		t.failed[tool] = f
		t.notify(ctx, errorKey(tool), notify.Note{Title: title, Body: wording.Details(auth.AsError(err)), Actions: onClick, Icon: assets.IconProblem})
	})
}

// nameOf is what a person calls the tool.
func (t *teller) nameOf(ctx context.Context, tool string) string {
	if s, ok := t.find(ctx, tool); ok {
		return s.Name
	}
	return tool
}

func (t *teller) find(ctx context.Context, tool string) (session.Snapshot, bool) {
	all, err := t.manager.Snapshots(ctx)
	i := slices.IndexFunc(all, func(s session.Snapshot) bool { return s.Tool == tool })
	if err != nil || i < 0 {
		return session.Snapshot{}, false
	}
	return all[i], true
}

// outdate takes away what failed of a tool once somebody tries to sign in to it
// again, or has, wherever that was begun.
func (t *teller) outdate(all []session.Snapshot) {
	for _, s := range all {
		f, told := t.failed[s.Tool]
		if told && (s.Set != f.set || s.State == session.SigningIn && s.SignInAt.After(f.at)) {
			delete(t.failed, s.Tool)
			t.dismiss(errorKey(s.Tool))
		}
	}
}

func errorKey(tool string) string { return tool + "/error" }
