//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// answer converts the text for one requestor and tells it so (ICCCM section
// 2.2). A refusal names no property.
func (h *x11Holder) answer(e xproto.SelectionRequestEvent) {
	property := e.Property
	if property == xproto.AtomNone { // an obsolete requestor
		property = e.Target
	}
	ok := e.Selection == h.atom["CLIPBOARD"]
	if ok && e.Target == h.atom["MULTIPLE"] {
		ok = h.convertAll(e.Requestor, property)
	} else if ok {
		ok = h.convert(e.Requestor, e.Target, property)
	}
	if !ok {
		property = xproto.AtomNone
	}
	notify := xproto.SelectionNotifyEvent{
		Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property,
	}
	xproto.SendEvent(h.conn, false, e.Requestor, xproto.EventMaskNoEvent, string(notify.Bytes()))
}

// convert puts the text in the form target into the requestor's property.
func (h *x11Holder) convert(to xproto.Window, target, property xproto.Atom) bool {
	text := h.text.Reveal()
	switch target {
	case h.atom["TARGETS"]:
		h.set32(to, property, h.atom["ATOM"], h.targets())
	case h.atom["TIMESTAMP"]:
		h.set32(to, property, h.atom["INTEGER"], []uint32{uint32(h.since)})
	case h.atom["UTF8_STRING"], h.atom["text/plain;charset=utf-8"]:
		h.set8(to, property, target, text)
	case h.atom["STRING"]:
		if !ascii(text) {
			return false
		}
		h.set8(to, property, target, text)
	case h.atom["x-kde-passwordManagerHint"]:
		// The agreement that clipboard managers heed: do not keep this.
		h.set8(to, property, target, "secret")
	default:
		return false
	}
	return true
}

// targets are the forms that are offered.
func (h *x11Holder) targets() []uint32 {
	var out []uint32
	for _, name := range names[:6] {
		out = append(out, uint32(h.atom[name]))
	}
	if ascii(h.text.Reveal()) {
		out = append(out, uint32(h.atom["STRING"]))
	}
	return out
}

// ascii reports whether text reads the same in Latin-1, which STRING means.
func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}

// convertAll converts for each pair of target and property that the requestor
// has listed, and marks in its list those that cannot be had.
func (h *x11Holder) convertAll(to xproto.Window, property xproto.Atom) bool {
	const most = 64 // words
	list, err := xproto.GetProperty(h.conn, false, to, property, h.atom["ATOM_PAIR"], 0, most).Reply()
	if err != nil || list.Format != 32 || list.BytesAfter != 0 {
		return false
	}
	pairs := make([]uint32, list.ValueLen)
	for i := range pairs {
		pairs[i] = xgb.Get32(list.Value[4*i:])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if !h.convert(to, xproto.Atom(pairs[i]), xproto.Atom(pairs[i+1])) {
			pairs[i+1] = xproto.AtomNone
		}
	}
	h.set32(to, property, h.atom["ATOM_PAIR"], pairs)
	return true
}

func (h *x11Holder) set8(to xproto.Window, property, kind xproto.Atom, text string) {
	xproto.ChangeProperty(h.conn, xproto.PropModeReplace, to, property, kind, 8, uint32(len(text)), []byte(text))
}

func (h *x11Holder) set32(to xproto.Window, property, kind xproto.Atom, values []uint32) {
	data := make([]byte, 4*len(values))
	for i, v := range values {
		xgb.Put32(data[4*i:], v)
	}
	xproto.ChangeProperty(h.conn, xproto.PropModeReplace, to, property, kind, 32, uint32(len(values)), data)
}
