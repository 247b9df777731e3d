package desktop

import (
	"context"
	"os"
	"slices"
	"time"

	"keyfob/app/agent"
	"keyfob/assets"
	"keyfob/auth"
	"keyfob/tray/notify"
)

// Promote shows the desktop at p, and says in a sentence what became of that. Where
// it is there already its window opens. The error has [auth.CodeNoTray] where
// there is no desktop at p and none is shown. A move that has begun goes on after
// ctx has ended.
func (s *Seat) Promote(ctx context.Context, p Place) (said string, err error) {
	select {
	case s.moving <- struct{}{}:
		defer func() { <-s.moving }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	from, to, toIs := where(ctx, p.clean())
	if !toIs.Display && !toIs.Bus {
		return "", notShown()
	}
	now := s.current()
	if now != nil && now.desktop.sight.covers(toIs) && from.sameBus(to) && from.sameDisplay(to) {
		said, err := s.bringUp(ctx)
		if err == nil || auth.AsError(err).Code != auth.CodeNoTray {
			return said, err
		}
		now = nil // it has just ended
	}
	if now != nil && !from.sameBus(to) {
		s.tellOlder(ctx, now)
	}
	if err := s.move(ctx, to); err != nil {
		return "", err
	}
	s.untell(ctx)
	return s.arrived(ctx, toIs)
}

// where is from which place a desktop would move that is asked to come to p,
// where to, and what can be reached there. A desktop with a display does not move
// to a place without one.
func where(ctx context.Context, p Place) (from, to Place, toIs Alive) {
	from = Here(os.Getenv)
	pIs := p.Alive(ctx)
	if pIs.Display && pIs.Bus {
		return from, from.onto(p, pIs), pIs
	}
	fromIs := from.Alive(ctx)
	if fromIs.Display && !pIs.Display {
		pIs.Bus = pIs.Bus && !fromIs.Bus
	}
	return from, from.onto(p, pIs), Alive{Display: pIs.Display || fromIs.Display, Bus: pIs.Bus || fromIs.Bus}
}

// move has the desktop end where it is and begin at a place.
func (s *Seat) move(ctx context.Context, to Place) error {
	o := &order{place: to, begun: make(chan struct{})}
	s.mu.Lock()
	s.next = o
	now := s.now
	s.mu.Unlock()
	if now != nil {
		now.end()
	}
	select {
	case s.more <- struct{}{}:
	default:
	}
	select {
	case <-o.begun:
	case <-s.over:
		return notShown()
	case <-ctx.Done():
		return ctx.Err()
	}
	// It does what it is asked for once it runs.
	return s.ask(ctx, func(ctx context.Context, d *Desktop) error { return d.screen.do(ctx, func(context.Context) {}) })
}

// bringUp opens the window.
func (s *Seat) bringUp(ctx context.Context) (said string, err error) {
	return s.opens(ctx, "keyfob is already running: its icon is in the tray, but ", "keyfob is already running: ")
}

// opens opens the window, and says behind one text or the other whether it opens.
func (s *Seat) opens(ctx context.Context, fails, opens string) (said string, err error) {
	switch err := s.Show(ctx); {
	case err == nil:
		return opens + "its window opens", nil
	case slices.Contains(auth.WindowCodes(), auth.AsError(err).Code):
		return fails + err.Error(), nil
	default:
		return "", err
	}
}

// arrived says where a desktop has begun. Where it has no icon its window opens.
func (s *Seat) arrived(ctx context.Context, at Alive) (said string, err error) {
	switch {
	case !at.Bus:
		const text = "keyfob is already running; it has no icon here, since there is no session bus"
		return s.opens(ctx, text+", and ", text+": ")
	case !at.Display:
		return "keyfob is already running: its icon is in the tray now, but no window can open without a display: use " +
			instead(showVerb, []string{agent.PageTools}) + " instead", nil
	}
	return "keyfob is already running: its icon is in the tray now", nil
}

// maxTold is how many desktops are remembered that were told so.
const maxTold = 8

// movedWithin bounds how long a desktop may take to show a notification that
// nobody waits for.
const movedWithin = 2 * time.Second

// tellOlder tells the person on the desktop that loses the icon.
func (s *Seat) tellOlder(ctx context.Context, now *shown) {
	ctx, cancel := context.WithTimeout(ctx, movedWithin)
	defer cancel()
	var quiet, locked bool
	asked := make(chan struct{})
	if now.desktop.screen.do(ctx, func(context.Context) {
		quiet, locked = now.desktop.screen.notices.quiet, now.desktop.screen.notices.locked
		close(asked)
	}) != nil {
		return
	}
	if <-asked; quiet {
		return
	}
	n, err := notify.Open(ctx)
	if err != nil {
		return
	}
	if n.Show(ctx, "/moved", movedNote(locked)) == nil {
		s.told = append(s.told, n.Shown())
		s.told = s.told[max(0, len(s.told)-maxTold):]
	}
	_ = n.Close() // which leaves the notification there
}

// untell takes that word back where the icon is again.
func (s *Seat) untell(ctx context.Context) {
	if len(s.told) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, movedWithin)
	defer cancel()
	n, err := notify.Open(ctx)
	if err != nil {
		return
	}
	for _, told := range s.told {
		_ = n.Withdraw(ctx, told) // if it is on this bus
	}
	_ = n.Close()
}

// movedNote says that the icon is elsewhere. Behind a locked screen it stays until
// somebody sees it.
func movedNote(locked bool) notify.Note {
	return notify.Note{
		Title:  "Keyfob has moved",
		Body:   "Keyfob's icon is on the other desktop now. To bring it back, start Keyfob here.",
		Urgent: locked,
		Icon:   assets.IconOut,
	}
}
