package notify

import (
	"unicode/utf16"

	"keyfob/auth"
)

// script is what shows a notification on macOS. It is constant, and read from
// stdin: the texts are its arguments and never part of it.
const script = `on run argv
	display notification (item 2 of argv) with title (item 1 of argv)
end run
`

// arguments are those of osascript: the script from stdin, behind which nothing
// is an option any more, and the texts.
func arguments(note Note) []string {
	return []string{"-", auth.Line(note.Title, maxTitle), lines(note.Body, maxBody)}
}

// units is text as Windows writes it, in at most room UTF-16 units.
func units(text string, room int) []uint16 {
	all := utf16.Encode([]rune(text))
	if len(all) <= room {
		return all
	}
	all = all[:room-1]
	if last := len(all) - 1; utf16.IsSurrogate(rune(all[last])) && all[last] < 0xdc00 {
		all = all[:last] // half a character
	}
	return append(all, '…')
}
