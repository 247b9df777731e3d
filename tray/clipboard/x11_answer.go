//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// answer converts the text for one requestor and tells it so (ICCCM section
// 2.2). A refusal names no property.
func (o *x11Owner) answer(e xproto.SelectionRequestEvent) {
	property := e.Property
	if property == xproto.AtomNone { // an obsolete requestor
		property = e.Target
	}
	ok := e.Selection == o.atom["CLIPBOARD"]
	if ok && e.Target == o.atom["MULTIPLE"] {
		ok = o.convertAll(e.Requestor, property)
	} else if ok {
		ok = o.convert(e.Requestor, e.Target, property)
	}
	if !ok {
		property = xproto.AtomNone
	}
	notify := xproto.SelectionNotifyEvent{
		Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property,
	}
	xproto.SendEvent(o.conn.Conn, false, e.Requestor, xproto.EventMaskNoEvent, string(notify.Bytes()))
}

// convert puts the text in the form target into the requestor's property.
func (o *x11Owner) convert(to xproto.Window, target, property xproto.Atom) bool {
	text := o.current()
	switch target {
	case o.atom["TARGETS"]:
		o.set32(to, property, o.atom["ATOM"], o.targets())
	case o.atom["TIMESTAMP"]:
		o.set32(to, property, o.atom["INTEGER"], []uint32{uint32(o.since)})
	case o.atom["UTF8_STRING"], o.atom["text/plain;charset=utf-8"]:
		o.set8(to, property, target, text)
		o.asked.Do(func() { close(o.fetched) })
	case o.atom["STRING"]:
		if !ascii(text) {
			return false
		}
		o.set8(to, property, target, text)
		o.asked.Do(func() { close(o.fetched) })
	case o.atom[hint]:
		if o.public {
			return false
		}
		o.set8(to, property, target, "secret")
	default:
		return false
	}
	return true
}

// targets are the forms that are offered.
func (o *x11Owner) targets() []uint32 {
	var out []uint32
	for _, name := range names[:6] {
		if name != hint || !o.public {
			out = append(out, uint32(o.atom[name]))
		}
	}
	if ascii(o.current()) {
		out = append(out, uint32(o.atom["STRING"]))
	}
	return out
}

// ascii reports whether text reads the same in Latin-1, which STRING means.
func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}

// convertAll converts for each pair of target and property that the requestor
// has listed, and marks in its list those that cannot be had.
func (o *x11Owner) convertAll(to xproto.Window, property xproto.Atom) bool {
	const most = 64 // words
	list, err := xproto.GetProperty(o.conn.Conn, false, to, property, o.atom["ATOM_PAIR"], 0, most).Reply()
	if err != nil || list.Format != 32 || list.BytesAfter != 0 {
		return false
	}
	pairs := make([]uint32, list.ValueLen)
	for i := range pairs {
		pairs[i] = xgb.Get32(list.Value[4*i:])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if !o.convert(to, xproto.Atom(pairs[i]), xproto.Atom(pairs[i+1])) {
			pairs[i+1] = xproto.AtomNone
		}
	}
	o.set32(to, property, o.atom["ATOM_PAIR"], pairs)
	return true
}

func (o *x11Owner) set8(to xproto.Window, property, kind xproto.Atom, text string) {
	xproto.ChangeProperty(o.conn.Conn, xproto.PropModeReplace, to, property, kind, 8, uint32(len(text)), []byte(text))
}

func (o *x11Owner) set32(to xproto.Window, property, kind xproto.Atom, values []uint32) {
	data := make([]byte, 4*len(values))
	for i, v := range values {
		xgb.Put32(data[4*i:], v)
	}
	xproto.ChangeProperty(o.conn.Conn, xproto.PropModeReplace, to, property, kind, 32, uint32(len(values)), data)
}
