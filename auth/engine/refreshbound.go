package engine

import (
	"context"

	"keyfob/auth"
)

// How many refreshes the engine has under way by itself: when a machine wakes
// behind a network that swallows everything, each takes as long as it may. One
// provider that is away leaves room for the others. Somebody who asks for a
// token does not wait for that.
const (
	renewalsAtOnce   = 32
	renewalsAtIssuer = 8
)

// renewals counts the refreshes under way.
type renewals struct {
	all     int
	at      map[string]int // by issuer
	waiting bool           // one was put off since there is no room for it
}

func (r *renewals) begin(tool auth.Tool) {
	if r.at == nil {
		r.at = make(map[string]int)
	}
	r.all++
	r.at[tool.Issuer]++
}

func (r *renewals) end(tool auth.Tool) {
	r.all--
	if r.at[tool.Issuer]--; r.at[tool.Issuer] == 0 {
		delete(r.at, tool.Issuer)
	}
}

// room reports whether one more may begin by itself, and notes if it may not.
func (r *renewals) room(tool auth.Tool) bool {
	if r.all < renewalsAtOnce && r.at[tool.Issuer] < renewalsAtIssuer {
		return true
	}
	r.waiting = true
	return false
}

// renewNext begins the refresh that has waited longest of those for which there
// is room now.
func (l *loop) renewNext(run context.Context) {
	r := &l.renewals
	if !r.waiting {
		return
	}
	r.waiting = false
	now := l.cfg.Now()
	var next *toolSession
	for _, id := range l.order {
		s := l.sessions[id]
		if at := s.snap.RefreshAt; at.IsZero() || now.Round(0).Before(at) || s.refreshing != nil || s.signIn != nil ||
			!r.room(s.facts.Tool) {
			continue
		}
		r.waiting = r.waiting || next != nil
		if next == nil || s.snap.RefreshAt.Before(next.snap.RefreshAt) {
			next = s
		}
	}
	if next != nil {
		l.updateAt(run, next, now)
	}
}
