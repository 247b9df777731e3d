//go:build !darwin || cgo

package tray

import (
	"context"
	"sync"
	"time"

	"fyne.io/systray"

	"keyfob/auth/session"
)

const (
	// settle is how long an entry that came to mean something else ignores
	// clicks. Whoever clicks so soon aimed at what stood there before.
	settle = 500 * time.Millisecond
	// queue is how many clicks an entry keeps while its action runs.
	queue = 32
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

// newDriver is called before systray starts.
func newDriver(cfg Config) *driver {
	d := &driver{cfg: cfg, clock: cfg.Now, snaps: cfg.First, quit: make(chan struct{}), unread: map[*node]bool{}, write: written}
	// systray offers this once, to whoever is waiting at that instant.
	d.opened = make(chan struct{}, 1)
	systray.TrayOpenedCh = d.opened
	if d.clock == nil {
		d.clock = time.Now
	}
	d.timer = time.NewTimer(time.Hour)
	d.timer.Stop()
	return d
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

// split parts the entries into those with children, what comes before them
// and what comes after.
func split(entries []Entry) (note Entry, tools, foot []Entry) {
	note = Entry{Hidden: true}
	if entries[0].ID == idProblem || entries[0].ID == idNone {
		note, entries = entries[0], entries[1:]
	}
	n := 0
	for entries[n].Children != nil {
		n++
	}
	return note, entries[:n], entries[n:]
}

// entries applies all parts of the menu. There is a slot for each tool that
// it can hold, since systray inserts nowhere but at the end. A slot stays one
// for tools: an entry that once had children can be no plain one again.
func (d *driver) entries(ctx context.Context, note Entry, tools, foot []Entry) {
	if d.note == nil {
		d.note = d.add(ctx, nil, note)
		for i := range maxTools {
			d.tools = append(d.tools, d.add(ctx, nil, slot(tools, i)))
		}
		for _, e := range foot {
			d.foot = append(d.foot, d.add(ctx, nil, e))
		}
	}
	d.update(ctx, d.note, note)
	for i, n := range d.tools {
		d.update(ctx, n, slot(tools, i))
	}
	for i, n := range d.foot {
		d.update(ctx, n, foot[i])
	}
}

// slot is what stands in the slot i: a tool, or nothing yet.
func slot(tools []Entry, i int) Entry {
	if i < len(tools) {
		return tools[i]
	}
	return Entry{Hidden: true, Children: []Entry{}}
}

// add appends an entry with its children to the menu or to parent.
func (d *driver) add(ctx context.Context, parent *node, e Entry) *node {
	n := &node{entry: Entry{Label: e.Label, Key: e.Key, Enabled: true}, action: e.Action, tool: e.Tool}
	switch {
	case e.Separator:
		systray.AddSeparator()
		return n
	case parent == nil:
		n.item = systray.AddMenuItem(d.write(e), "")
	default:
		n.item = parent.item.AddSubMenuItem(d.write(e), "")
	}
	// systray offers a click once, to whoever is waiting at that instant. With
	// room in the channel none is lost.
	n.item.ClickedCh = make(chan struct{}, queue)
	d.update(ctx, n, e)
	if e.Children == nil {
		clicks := n.item.ClickedCh
		d.readers.Go(func() { d.listen(ctx, n, clicks) })
	}
	return n
}

// update tells systray what is different about n.
func (d *driver) update(ctx context.Context, n *node, e Entry) {
	if n.item == nil {
		return
	}
	n.mean(e, d.clock())
	if e.Hidden {
		// Nothing else is told of a hidden entry: on Windows that shows it.
		if !n.entry.Hidden {
			n.item.Hide()
			n.entry.Hidden = true
		}
		return
	}
	if e.Label != n.entry.Label || e.Key != n.entry.Key {
		n.item.SetTitle(d.write(e))
	}
	if e.Enabled != n.entry.Enabled {
		if e.Enabled {
			n.item.Enable()
		} else {
			n.item.Disable()
		}
	}
	if n.entry.Hidden {
		n.item.Show()
	}
	n.entry.Label, n.entry.Key, n.entry.Enabled, n.entry.Hidden = e.Label, e.Key, e.Enabled, false
	// Last, since on Windows a hidden entry can be given no children.
	for i, child := range e.Children {
		if i < len(n.kids) {
			d.update(ctx, n.kids[i], child)
		} else {
			n.kids = append(n.kids, d.add(ctx, n, child))
			d.unread[n] = true
		}
	}
}

// mean records what a click on n does from now on.
func (n *node) mean(e Entry, now time.Time) {
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

// fill has those submenus read that are in sight and were not read yet. Plasma
// reads one only while it opens it, and puts it where an empty one would fit.
func (d *driver) fill() {
	var submenus []*systray.MenuItem
	for _, n := range d.tools {
		if d.unread[n] && !n.entry.Hidden {
			submenus = append(submenus, n.item)
			delete(d.unread, n)
		}
	}
	if len(submenus) > 0 && d.reread != nil {
		d.reread(submenus)
	}
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
		if since := d.clock().Sub(changed); !changed.IsZero() && since >= 0 && since < settle {
			continue
		}
		if d.cfg.do(ctx, action, tool) {
			d.over.Do(func() { close(d.quit) })
		}
	}
}
