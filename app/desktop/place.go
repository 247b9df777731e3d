package desktop

import (
	"context"
	"maps"
	"strings"
)

// Place is where a person sees a desktop: the display, the session bus and the
// language, by the names of environment variables. Only those of a fixed list
// count; one that is missing was not set.
type Place map[string]string

// placeNames are the variables of a place. None of them decides which program is
// run or which library is loaded, but for BROWSER, which is the person's choice
// of one.
func placeNames() []string {
	return []string{
		"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", busAddress,
		"XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "XDG_SESSION_ID", "XDG_SESSION_DESKTOP", "XDG_SESSION_CLASS", "XDG_SEAT", "XDG_VTNR",
		"DESKTOP_SESSION", "GNOME_DESKTOP_SESSION_ID", "KDE_FULL_SESSION", "KDE_SESSION_VERSION", "XDG_MENU_PREFIX",
		"XDG_DATA_DIRS", "XDG_CONFIG_DIRS", "BROWSER",
		"LANG", "LANGUAGE", "LC_ALL", "LC_ADDRESS", "LC_COLLATE", "LC_CTYPE", "LC_IDENTIFICATION", "LC_MEASUREMENT", "LC_MESSAGES",
		"LC_MONETARY", "LC_NAME", "LC_NUMERIC", "LC_PAPER", "LC_TELEPHONE", "LC_TIME",
	}
}

const busAddress = "DBUS_SESSION_BUS_ADDRESS"

// longestValue is how many bytes a value of a place may have.
const longestValue = 4 << 10

// Here is the place of this process.
func Here(getenv func(string) string) Place {
	p := Place{}
	for _, name := range placeNames() {
		if v := getenv(name); v != "" {
			p[name] = v
		}
	}
	return p.clean()
}

// clean is what of p may be used, which somebody else has sent.
func (p Place) clean() Place {
	clean := maps.Clone(p)
	if clean == nil {
		clean = Place{}
	}
	known := map[string]bool{}
	for _, name := range placeNames() {
		known[name] = true
	}
	maps.DeleteFunc(clean, func(name, value string) bool {
		return !known[name] || value == "" || len(value) > longestValue || strings.ContainsRune(value, 0)
	})
	return clean
}

// Alive is what of a place can be reached.
type Alive struct {
	Display bool // something to open a window on
	Bus     bool // for icon, notifications and screen lock
}

// Alive connects to what the place names, which takes at most two seconds.
func (p Place) Alive(ctx context.Context) Alive {
	_ = ctx
	return Alive{Display: HasDisplay(func(name string) string { return p[name] }), Bus: p[busAddress] != ""}
}
