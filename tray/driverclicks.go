//go:build !darwin || cgo

package tray

import (
	"context"
	"sync"
	"time"

	"fyne.io/systray"
)

const (
	// clickDelay is how long an entry that came to mean something else ignores
	// clicks. Whoever clicks so soon aimed at what stood there before.
	clickDelay = 500 * time.Millisecond
	// clickQueue is how many clicks an entry holds while its action runs.
	clickQueue = 32
)

// node is an entry that systray has. Its entry is what systray was last told,
// so that nothing is told twice.
type node struct {
	item  *systray.MenuItem // nil for a separator, which systray never changes
	entry Entry
	kids  []*node

	mu      sync.Mutex
	action  Action
	tool    string
	changed time.Time // when action or tool became another; zero at first
}

// setAction records what a click on n does from now on.
func (n *node) setAction(e Entry, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	enabled := e.Enabled && !e.Hidden
	if !enabled {
		e.Action = DoNothing
	}
	if n.action == e.Action && n.tool == e.Tool {
		return
	}
	if n.tool != e.Tool || n.action != DoNothing && e.Action != DoNothing {
		n.changed = now
	}
	n.action, n.tool = e.Action, e.Tool
}

// listen acts on the clicks on n, until the tray ends.
func (d *driver) listen(ctx context.Context, n *node, clicks <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-clicks:
		}
		if ctx.Err() != nil {
			return // of both, select takes either
		}
		n.mu.Lock()
		action, tool, changed := n.action, n.tool, n.changed
		n.mu.Unlock()
		if since := d.clock().Sub(changed); !changed.IsZero() && since >= 0 && since < clickDelay {
			continue
		}
		if d.cfg.do(ctx, action, tool) {
			d.over.Do(func() { close(d.quit) })
		}
	}
}
