package desktop

import (
	"context"

	"keyfob/app/agent"
	"keyfob/auth"
)

// SeatConfig is what a seat is made of.
type SeatConfig struct {
	First   Place                                 // where the desktop is at first; nil for nowhere
	New     func() *Desktop                       // makes a desktop for the place that the environment names by then
	Changed func(ctx context.Context, shown bool) // told one after the other when there is a desktop and when there is none; returns soon
	NewBus  func(ctx context.Context)             // told when child processes that run have another session bus than this one has now; returns soon
	Ended   func()                                // called as soon as a person has quit and nobody is to be answered any more
	Log     func(text string)                     // for what has no other place
}

// Seat is where a person sees an engine. It has at most one [Desktop], and moves
// it to the desktop of whoever started Keyfob last. It answers the engine's
// clients as [keyfob/app/agent/server.Desktop], with [auth.CodeNoTray] while
// nothing is shown.
type Seat struct{ c SeatConfig }

// NewSeat makes a seat that shows nothing before [Seat.Run].
func NewSeat(c SeatConfig) *Seat { return &Seat{c: c} }

// Run shows a desktop whenever there is one, until ctx ends or a person quits.
// It has to be called on the main goroutine.
func (s *Seat) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Promote shows the desktop at p, and says in a sentence what became of that. The
// error has [auth.CodeNoTray] where there is no desktop at p and none is shown.
func (s *Seat) Promote(ctx context.Context, p Place) (said string, err error) {
	return "", notShown()
}

// Shown reports whether there is a desktop.
func (s *Seat) Shown() bool { return false }

// Reload takes over what the settings say now, and tells the person what
// follows. It reports whether there is a desktop, without which it does nothing.
func (s *Seat) Reload(ctx context.Context) (done bool) { return false }

// Later implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Later(ctx context.Context, tool string) error { return notShown() }

// Copy implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Copy(ctx context.Context, tool string, as agent.CopyAs) error { return notShown() }

// Home implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Home(ctx context.Context, tool string) error { return notShown() }

// Reopen implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Reopen(ctx context.Context, tool string) error { return notShown() }

// Show implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Show(ctx context.Context) error { return notShown() }

func notShown() error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeNoTray,
		What: "keyfob is running without a desktop",
		Do:   "start `keyfob` in a desktop session",
		Who:  auth.WhoYou,
	}
}
