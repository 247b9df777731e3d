//go:build !darwin || cgo

package tray

import (
	"context"
	"sync"
	"time"

	"fyne.io/systray"

	"keyfob/auth/session"
)

// driver keeps systray's menu in step with a [Menu] by changing single
// entries. It belongs to one goroutine; only what clicks mean is shared. The
// context that it is given is also that of what a person clicks: when it has
// ended, readers tells when all of that is over.
type driver struct {
	cfg   Config
	clock func() time.Time
	snaps []session.Snapshot
	timer *time.Timer
	quit  chan struct{} // closed when a person clicked Quit
	over  sync.Once     // closes quit

	readers sync.WaitGroup                     // of clicks
	write   func(Entry) string                 // is a label as whoever shows the icon reads it
	serve   func(Menu)                         // is told of the icon that is shown; nil where nobody has to be
	reread  func(submenus []*systray.MenuItem) // has whoever shows the icon read submenus; nil where nobody needs that
	unread  map[*node]bool                     // the tools whose submenu is to be read

	opened  chan struct{} // the menu is being opened, where that is told
	another chan struct{} // another program shows the icon now, where that is told
	tells   bool          // whoever shows the icon tells when the menu is opened

	shown Menu    // as last applied, without entries
	note  *node   // the line above the tools, hidden when there is none
	tools []*node // slots for tools, those without one hidden
	foot  []*node // what stays below them
	drawn bool    // shown holds something
}

// newDriver is called before systray starts.
func newDriver(cfg Config) *driver {
	d := &driver{cfg: cfg, clock: cfg.Now, snaps: cfg.First, quit: make(chan struct{}), unread: map[*node]bool{}, write: written}
	d.opened = openings()
	if d.clock == nil {
		d.clock = time.Now
	}
	d.timer = time.NewTimer(time.Hour)
	d.timer.Stop()
	return d
}

// openings tells when the menu is opened. systray offers that once, to whoever is
// waiting at that instant, so the channel holds one; it is the same for every
// tray of the process, since somebody may still be writing to it.
func openings() chan struct{} {
	if cap(systray.TrayOpenedCh) == 0 {
		systray.TrayOpenedCh = make(chan struct{}, 1)
	}
	select {
	case <-systray.TrayOpenedCh:
	default:
	}
	return systray.TrayOpenedCh
}

// run shows what comes until ctx ends, a person quits, or gone is closed. It
// reports whether gone was the reason. While nothing changes it sleeps.
func (d *driver) run(ctx context.Context, gone <-chan struct{}) (lost bool) {
	defer d.timer.Stop()
	watch := d.cfg.Watch
	for {
		select {
		case <-ctx.Done():
			return false
		case <-d.quit:
			return false
		case <-gone:
			return true
		case snaps, ok := <-watch:
			if !ok {
				watch = nil
				continue
			}
			d.snaps = snaps
		case <-d.opened:
			d.tells = true
			d.show(ctx)
			d.fill()
			continue
		case <-d.another:
			d.tells = false
			for _, n := range d.tools {
				d.unread[n] = len(n.kids) > 0
			}
		case <-d.cfg.Changed:
		case <-d.timer.C:
		}
		d.show(ctx)
	}
}

// show brings the tray up to date and sets the alarm for the next change that
// time alone makes.
//
// A menu needs to be right only while it is open. systray says that it opens
// where the program that shows it sends the event "opened", as those made with
// Qt do and GNOME's extension; GTK's library calls AboutToShowGroup alone, of
// which systray says nothing, and on Windows there is no word at all. So the
// alarm is set until the first such word, and never after.
func (d *driver) show(ctx context.Context) {
	now := d.clock()
	var o Options
	if d.cfg.Options != nil {
		o = d.cfg.Options()
	}
	m := View(d.snaps, now, o)
	if d.serve != nil && (m.Icon != d.shown.Icon || m.Tooltip != d.shown.Tooltip) {
		d.serve(m) // ahead of the word that it changed
	}
	if !d.drawn || m.Icon != d.shown.Icon {
		setIcon(m.Icon)
	}
	if !d.drawn || m.Tooltip != d.shown.Tooltip {
		setTooltip(m.Title, m.Tooltip)
	}
	note, tools, foot := split(m.Entries)
	d.entries(ctx, note, tools, foot)
	d.shown, d.drawn = Menu{Title: m.Title, Icon: m.Icon, Tooltip: m.Tooltip}, true
	if m.Next.IsZero() || d.tells {
		d.timer.Stop()
		return
	}
	d.timer.Reset(m.Next.Round(0).Sub(now.Round(0)))
}
