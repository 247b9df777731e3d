package desktop

import (
	"context"
	"os"
	"sync"

	"keyfob/auth"
	"keyfob/tray/notify"
)

// SeatConfig is what a seat is made of.
type SeatConfig struct {
	First   Place                                 // this process's own, where the desktop is at first; nil for nowhere
	New     func() *Desktop                       // makes a desktop for the place that the environment names by then
	Changed func(ctx context.Context, shown bool) // told one after the other when there is a desktop and when there is none; returns soon
	NewBus  func(ctx context.Context)             // told aside when child processes that run have another session bus than new ones
	Log     func(text string)                     // for what has no other place
}

// Seat is where a person sees an engine. It has at most one [Desktop], and moves
// it to the desktop of whoever started Keyfob last. It answers the engine's
// clients as [keyfob/app/agent/server.Desktop], with [auth.CodeNoTray] while
// nothing is shown.
type Seat struct {
	c      SeatConfig
	moving chan struct{} // holds a value while somebody moves the desktop
	more   chan struct{} // next was set
	over   chan struct{} // closed when nothing will be shown any more

	mu   sync.Mutex
	next *order // where the desktop is to be next; nil for where it is
	now  *shown // nil while there is no desktop

	told []notify.Shown // the words on earlier desktops that the icon has moved; of whoever is moving
}

// order asks for the desktop to be at a place.
type order struct {
	place Place
	begun chan struct{} // closed when it is
}

// shown is a desktop that a person sees.
type shown struct {
	desktop *Desktop
	end     func()                                                   // has it end
	ended   chan struct{}                                            // closed when it has
	within  func(ctx context.Context) (context.Context, func() bool) // ends with ctx and with the desktop; the function tells which
}

// NewSeat makes a seat that shows nothing before [Seat.Run].
func NewSeat(c SeatConfig) *Seat {
	s := &Seat{c: c, moving: make(chan struct{}, 1), more: make(chan struct{}, 1), over: make(chan struct{})}
	if c.First != nil {
		s.next = &order{begun: make(chan struct{})}
	}
	return s
}

// Run shows a desktop whenever there is one, until ctx ends or a person quits. It
// calls ended as soon as one of both has happened, and returns when all is cleared
// away. It has to be called on the main goroutine.
func (s *Seat) Run(ctx context.Context, ended func()) error {
	defer close(s.over)
	ctx, cancel := context.WithCancel(ctx)
	var outlasts sync.WaitGroup
	defer outlasts.Wait()
	defer cancel()
	aside := func(f func(context.Context)) { outlasts.Go(func() { f(ctx) }) }
	told := false // that there is a desktop
	tell := func(shown bool) {
		if told != shown && s.c.Changed != nil {
			s.c.Changed(ctx, shown)
		}
		told = shown
	}
	for {
		o := s.take()
		if o == nil {
			if told {
				s.c.Log("there is no desktop any more: sessions go on, and `keyfob`, started on a desktop, brings the icon back")
			}
			tell(false)
			select {
			case <-s.more:
			case <-ctx.Done():
				ended()
				return nil
			}
			continue
		}
		s.enter(o.place, aside)
		tell(true)
		if quit, err := s.show(ctx, o, aside, ended); quit || ctx.Err() != nil {
			return err
		} else if err != nil {
			s.c.Log(err.Error())
		}
	}
}

// take returns where the desktop is to be, nil for nowhere.
func (s *Seat) take() *order {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.next
	s.next = nil
	return o
}

// enter makes a place that of this process. The first one is already.
func (s *Seat) enter(p Place, aside begin) {
	if p == nil {
		return
	}
	before := Here(os.Getenv)
	p.enter()
	if !before.sameBus(p) && s.c.NewBus != nil {
		aside(s.c.NewBus)
	}
}

// show runs one desktop, and reports whether a person quit there.
func (s *Seat) show(ctx context.Context, o *order, aside begin, ended func()) (quit bool, err error) {
	life, end := context.WithCancel(ctx)
	defer end()
	now := &shown{desktop: s.c.New(), end: end, ended: make(chan struct{})}
	now.within = func(ctx context.Context) (context.Context, func() bool) {
		within, cancel := context.WithCancel(ctx)
		stop := context.AfterFunc(life, cancel)
		return within, func() bool { cancel(); return !stop() }
	}
	s.mu.Lock()
	s.now = now
	moved := s.next != nil // by somebody who found none to end
	s.mu.Unlock()
	close(o.begun)
	if moved {
		end()
	}
	err = now.desktop.run(life, aside, func(q bool) {
		s.mu.Lock()
		s.now = nil
		s.mu.Unlock()
		end()
		if quit = q; quit || ctx.Err() != nil {
			ended()
		}
	})
	close(now.ended)
	return quit, err
}

// current is the desktop that is shown, nil for none.
func (s *Seat) current() *shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Shown reports whether there is a desktop.
func (s *Seat) Shown() bool { return s.current() != nil }

// ask has the desktop do f, which ends with the desktop.
func (s *Seat) ask(ctx context.Context, f func(ctx context.Context, d *Desktop) error) error {
	now := s.current()
	if now == nil {
		return notShown()
	}
	within, over := now.within(ctx)
	err := f(within, now.desktop)
	if over() && err != nil && ctx.Err() == nil {
		return notShown()
	}
	return err
}

func notShown() error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeNoTray,
		What: "keyfob is running without a desktop",
		Do:   "start `keyfob` in a desktop session",
		Who:  auth.WhoYou,
	}
}
