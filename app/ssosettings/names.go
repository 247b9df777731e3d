package ssosettings

import (
	"fmt"
	"net/url"
	"strings"

	"keyfob/auth"
)

// nameOf is the entry's name for people, of which each tool has its own.
func (s *Settings) nameOf(id string, taken map[string]bool) string {
	name := "ThingWorx"
	if u, err := url.Parse(s.Home); err == nil && u.Hostname() != "" && !Placeholder(s.Home) {
		name += " " + u.Hostname()
	}
	if own := shortName(id); len(s.Servers) > 1 && own != "" || taken[strings.ToLower(name)] {
		name += " (" + own + ")"
	}
	for n, plain := 2, name; taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s %d", plain, n)
	}
	taken[strings.ToLower(name)] = true
	return name
}

// shortName is a name from the file as one short line.
func shortName(s string) string {
	const longest = 60
	s = auth.Line(strings.NewReplacer("<", " ", ">", " ").Replace(s), MaxFile)
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "")
	}
	return s
}

// toolID makes the ID of a tool out of the name of the i-th entry, from 0. IDs of
// earlier imports depend on it, so it is not [form.ToolID].
func toolID(name string, i int) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			return r
		}
		return '-'
	}, strings.ToLower(name))
	for strings.Contains(id, "--") {
		id = strings.ReplaceAll(id, "--", "-")
	}
	if id = strings.Trim(id[:min(len(id), 60)], "-"); id == "" {
		id = fmt.Sprintf("thingworx%d", i+1)
	}
	return id
}
