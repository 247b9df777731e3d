//go:build linux

package bed

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

const menuName = "com.canonical.dbusmenu"

// Entry is an entry of the icon's menu, as a panel would show it.
type Entry struct {
	ID        int32
	Label     string // with mnemonics removed
	Enabled   bool
	Visible   bool
	Separator bool
	Children  []Entry
}

// String draws the menu, one line for each visible entry.
func (e Entry) String() string {
	var s strings.Builder
	e.draw(&s, 0)
	return s.String()
}

func (e Entry) draw(s *strings.Builder, depth int) {
	for _, c := range e.Children {
		switch {
		case !c.Visible:
			continue
		case c.Separator:
			fmt.Fprintf(s, "%s---\n", strings.Repeat("  ", depth))
		case !c.Enabled:
			fmt.Fprintf(s, "%s(%s)\n", strings.Repeat("  ", depth), c.Label)
		default:
			fmt.Fprintf(s, "%s%s\n", strings.Repeat("  ", depth), c.Label)
		}
		c.draw(s, depth+1)
	}
}

// Find returns the visible entry at the path of labels, in which * stands for
// any text.
func (e Entry) Find(path ...string) (Entry, bool) {
	if len(path) == 0 {
		return e, true
	}
	for _, c := range e.Children {
		if c.Visible && !c.Separator && like(c.Label, path[0]) {
			if found, ok := c.Find(path[1:]...); ok {
				return found, true
			}
		}
	}
	return Entry{}, false
}

// like reports whether label is what pattern says, in which * is any text.
func like(label, pattern string) bool {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$").MatchString(label)
}

// Menu reads the icon's menu.
func (tr *Tray) Menu() Entry {
	tr.b.t.Helper()
	it := tr.item()
	var err error
	// What is read while the menu changes may be torn: read again.
	for range 20 {
		var menu Entry
		if menu, err = tr.readMenu(it); err == nil {
			return menu
		}
		time.Sleep(20 * time.Millisecond)
	}
	tr.b.t.Fatalf("the menu cannot be read: %v", err)
	return Entry{}
}

// WaitEntry waits until the menu has the entry, and returns it.
func (tr *Tray) WaitEntry(path ...string) Entry {
	tr.b.t.Helper()
	return tr.waitEntry("", path, func(Entry) bool { return true })
}

// WaitNoEntry waits until the menu has no such entry.
func (tr *Tray) WaitNoEntry(path ...string) {
	tr.b.t.Helper()
	tr.b.Wait(fmt.Sprintf("the end of %q in the menu", path), func() bool {
		_, ok := tr.Menu().Find(path...)
		return !ok
	})
}

// aim is how long an entry stays as it is before a person has read it and
// clicks.
const aim = 700 * time.Millisecond

// Click clicks the entry, once it is there, enabled, and has been so for as
// long as a person needs to aim.
func (tr *Tray) Click(path ...string) {
	tr.b.t.Helper()
	tr.ClickTimes(1, path...)
}

// ClickTimes clicks on one entry so many times, as fast as the bus takes it.
func (tr *Tray) ClickTimes(n int, path ...string) {
	tr.b.t.Helper()
	it := tr.item()
	var aimed Entry
	var since time.Time
	e := tr.waitEntry(" to click", path, func(e Entry) bool {
		if !e.Enabled || e.ID != aimed.ID || e.Label != aimed.Label {
			aimed, since = e, time.Now()
		}
		return e.Enabled && time.Since(since) >= aim
	})
	answers := make(chan *dbus.Call, n)
	for range n {
		tr.menuObject(it).Go(menuName+".Event", 0, answers, e.ID, "clicked", dbus.MakeVariant(int32(0)), uint32(0))
	}
	for range n {
		if err := (<-answers).Err; err != nil {
			tr.b.t.Fatalf("click on %q: %v", path, err)
		}
	}
}

func (tr *Tray) waitEntry(why string, path []string, good func(Entry) bool) Entry {
	tr.b.t.Helper()
	var found, menu Entry
	done := false
	defer func() {
		if !done {
			tr.b.t.Logf("the menu is\n%s", menu)
		}
	}()
	tr.b.Wait(fmt.Sprintf("%q in the menu%s", path, why), func() bool {
		menu = tr.Menu()
		var ok bool
		found, ok = menu.Find(path...)
		return ok && good(found)
	})
	done = true
	return found
}

func (tr *Tray) menuObject(it item) dbus.BusObject {
	tr.b.t.Helper()
	var v dbus.Variant
	if err := tr.b.Bus.Object(it.bus, it.path).Call(properties+".Get", 0, itemName, "Menu").Store(&v); err != nil {
		tr.b.t.Fatalf("the icon has no menu: %v", err)
	}
	path, ok := v.Value().(dbus.ObjectPath)
	if !ok {
		tr.b.t.Fatalf("the icon's menu is %v", v)
	}
	return tr.b.Bus.Object(it.bus, path)
}

// layout is an entry as it comes over the bus.
type layout struct {
	ID       int32
	Props    map[string]dbus.Variant
	Children []dbus.Variant
}

func (tr *Tray) readMenu(it item) (Entry, error) {
	tr.b.t.Helper()
	menu := tr.menuObject(it)
	// A menu may be filled only when it is about to be shown.
	var changed bool
	_ = menu.Call(menuName+".AboutToShow", 0, int32(0)).Store(&changed) // optional in practice
	var revision uint32
	var l layout
	if err := menu.Call(menuName+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &l); err != nil {
		return Entry{}, err
	}
	return l.entry()
}

func (l layout) entry() (Entry, error) {
	e := Entry{ID: l.ID, Enabled: true, Visible: true}
	for name, v := range l.Props {
		switch value := v.Value().(type) {
		case string:
			switch name {
			case "label":
				e.Label = withoutMnemonic(value)
			case "type":
				e.Separator = value == "separator"
			}
		case bool:
			switch name {
			case "enabled":
				e.Enabled = value
			case "visible":
				e.Visible = value
			}
		}
	}
	for _, c := range l.Children {
		var below layout
		if err := dbus.Store([]any{c.Value()}, &below); err != nil {
			return Entry{}, err
		}
		entry, err := below.entry()
		if err != nil {
			return Entry{}, err
		}
		e.Children = append(e.Children, entry)
	}
	return e, nil
}

// withoutMnemonic is a label as it is shown: an underscore marks the next
// letter, two are one.
func withoutMnemonic(label string) string {
	return replace(label, "__", "_", "_", "")
}
