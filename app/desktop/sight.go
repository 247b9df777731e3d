package desktop

import (
	"context"
	"os"
	"sync/atomic"
	"time"

	"keyfob/tray/display"
)

// probing bounds how long a display or a bus may take to answer.
const probing = 2 * time.Second

// sight is what a desktop has to show things on.
type sight struct {
	looked     chan struct{} // closed when hasDisplay is known
	hasDisplay bool          // there is something to open a window on
	noBus      *atomic.Bool  // there was no session bus at the start
}

func newSight() sight { return sight{looked: make(chan struct{}), noBus: new(atomic.Bool)} }

// watch looks for the display that the environment names, and calls gone when it
// has ended, until ctx ends.
func (s *sight) watch(ctx context.Context, gone func()) {
	within, cancel := context.WithTimeout(ctx, probing)
	at, err := display.Open(within, os.Getenv)
	cancel()
	s.hasDisplay = err == nil
	close(s.looked)
	if err != nil {
		return
	}
	defer at.Close()
	select {
	case <-at.Gone():
		gone()
	case <-ctx.Done():
	}
}

// display reports whether there is one, once that is known. The desktop runs.
func (s *sight) display() bool {
	<-s.looked
	return s.hasDisplay
}

// covers reports whether the desktop uses all that can be reached. One that began
// before the display did, or the bus, does not. The desktop runs.
func (s *sight) covers(is Alive) bool {
	return (s.display() || !is.Display) && !(s.noBus.Load() && is.Bus)
}
