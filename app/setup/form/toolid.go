package form

import (
	"strconv"
	"strings"
)

// ToolID makes the ID of a tool out of its name: one that the settings take,
// and that is not taken.
func ToolID(name string, taken func(id string) bool) string {
	const longest = 40
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch plain := latin[r]; {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case plain != "":
			b.WriteString(plain)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	id := b.String()
	id = strings.Trim(id[:min(len(id), longest)], "-")
	if id == "" {
		id = "tool"
	}
	free := id
	for n := 2; taken(free); n++ {
		free = id + "-" + strconv.Itoa(n)
	}
	return free
}

// latin spells letters beyond ASCII that names hold often.
var latin = map[rune]string{
	'ä': "ae", 'ö': "oe", 'ü': "ue", 'ß': "ss", 'à': "a", 'á': "a", 'â': "a", 'å': "a", 'ç': "c",
	'è': "e", 'é': "e", 'ê': "e", 'ë': "e",
	'í': "i", 'î': "i", 'ï': "i", 'ñ': "n", 'ó': "o", 'ô': "o", 'ø': "o", 'ú': "u", 'û': "u",
	'æ': "ae", 'ł': "l", 'š': "s", 'ž': "z", 'č': "c",
}
