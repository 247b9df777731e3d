//go:build !darwin || cgo

package tray

import (
	"context"

	"fyne.io/systray"
)

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
	n.item.ClickedCh = make(chan struct{}, clickQueue)
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
	n.setAction(e, d.clock())
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
