package desktop

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"keyfob/tray/display"
)

// Place is where a person sees a desktop: the display, the session bus and the
// language, by the names of environment variables. Only those of a fixed list
// count; one that is missing was not set.
type Place map[string]string

const busAddress = "DBUS_SESSION_BUS_ADDRESS"

// What makes up a place. None of it decides which program is run or which library
// is loaded, but for BROWSER, which is the person's choice of one.

func ofDisplay() []string {
	return []string{
		"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
		"XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "XDG_SESSION_ID", "XDG_SESSION_DESKTOP", "XDG_SESSION_CLASS", "XDG_SEAT", "XDG_VTNR",
		"DESKTOP_SESSION", "GNOME_DESKTOP_SESSION_ID", "KDE_FULL_SESSION", "KDE_SESSION_VERSION", "XDG_MENU_PREFIX",
	}
}

func ofLanguage() []string {
	return []string{
		"LANG", "LANGUAGE", "LC_ALL", "LC_ADDRESS", "LC_COLLATE", "LC_CTYPE", "LC_IDENTIFICATION", "LC_MEASUREMENT", "LC_MESSAGES",
		"LC_MONETARY", "LC_NAME", "LC_NUMERIC", "LC_PAPER", "LC_TELEPHONE", "LC_TIME",
	}
}

func ofBrowser() []string { return []string{"BROWSER", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS"} }

func placeNames() []string {
	return slices.Concat(ofDisplay(), []string{busAddress}, ofLanguage(), ofBrowser())
}

// longestValue is how many bytes a value of a place may have.
const longestValue = 4 << 10

// Here is the place of a process with this environment.
func Here(getenv func(string) string) Place {
	p := Place{}
	for _, name := range placeNames() {
		p[name] = getenv(name)
	}
	// The engine's runtime folder can be another.
	p["WAYLAND_DISPLAY"] = display.WaylandSocket(getenv)
	return p.clean()
}

// clean is what of p may be used, which somebody else has sent.
func (p Place) clean() Place {
	clean := maps.Clone(p)
	names := placeNames()
	maps.DeleteFunc(clean, func(name, value string) bool {
		return value == "" || len(value) > longestValue || strings.ContainsRune(value, 0) || !slices.Contains(names, name)
	})
	return clean
}

// Alive is what of a place can be reached.
type Alive struct {
	Display bool // something to open a window on
	Bus     bool // for icon, notifications and screen lock
}

// NamesDisplay reports whether the place says where a window could open.
func (p Place) NamesDisplay() bool { return p["DISPLAY"] != "" || p["WAYLAND_DISPLAY"] != "" }

// Alive connects to what the place names, which takes at most two seconds.
func (p Place) Alive(ctx context.Context) (is Alive) {
	ctx, cancel := context.WithTimeout(ctx, probing)
	defer cancel()
	var both sync.WaitGroup
	both.Go(func() {
		d, err := display.Open(ctx, p.get)
		if is.Display = err == nil; is.Display {
			d.Close()
		}
	})
	both.Go(func() { is.Bus = display.BusAnswers(ctx, p.bus()) == nil })
	both.Wait()
	return is
}

func (p Place) get(name string) string { return p[name] }

// bus is the address of the session bus; where none is named it is that of the
// user's service manager, if there is one.
func (p Place) bus() string {
	if at := p[busAddress]; at != "" && at != "autolaunch:" {
		return at
	}
	socket := filepath.Join("/run/user", strconv.Itoa(os.Getuid()), "bus")
	if _, err := os.Stat(socket); err != nil {
		return ""
	}
	return "unix:path=" + socket
}

// sameBus reports whether two places have one session bus. An address may tell
// or not what the bus calls itself.
func (p Place) sameBus(q Place) bool {
	key := func(p Place) string {
		at, _, _ := strings.Cut(p.bus(), ",guid=")
		return at
	}
	return key(p) == key(q)
}

// sameDisplay reports whether two places have one display.
func (p Place) sameDisplay(q Place) bool {
	key := func(p Place) string {
		if socket := p["WAYLAND_DISPLAY"]; socket != "" {
			return socket
		}
		return strings.TrimSuffix(strings.TrimPrefix(p["DISPLAY"], "unix"), ".0")
	}
	return key(p) == key(q)
}

// onto is where a desktop is to be that was, or would be, at p and was asked to
// come to q: what q lacks or nobody can reach there stays as it is at p.
func (p Place) onto(q Place, qIs Alive) Place {
	to := Place{}
	if qIs.Display {
		to.take(q, ofDisplay())
	} else {
		to.take(p, ofDisplay())
	}
	to[busAddress] = p.bus()
	if qIs.Bus {
		to[busAddress] = q.bus()
	}
	if slices.ContainsFunc(ofLanguage(), func(name string) bool { return q[name] != "" }) {
		to.take(q, ofLanguage())
	} else {
		to.take(p, ofLanguage())
	}
	to.take(p, ofBrowser())
	to.take(q, ofBrowser())
	return to.clean()
}

// take takes over these values of q.
func (p Place) take(q Place, names []string) {
	for _, name := range names {
		if v := q[name]; v != "" {
			p[name] = v
		}
	}
}

// enter makes p the environment of this process. Nothing else changes that.
func (p Place) enter() {
	for _, name := range placeNames() {
		if v := p[name]; v != "" {
			_ = os.Setenv(name, v)
		} else {
			_ = os.Unsetenv(name)
		}
	}
}
