//go:build linux || freebsd || openbsd || netbsd

package presence

import (
	"context"
	"os"
	"time"

	"github.com/godbus/dbus/v5"
)

// Who says that the screen is locked, beside the screen savers by their names.
const (
	hint  = "LockedHint" // logind, as the desktop told it
	asked = "Lock"       // logind has asked the desktop to lock
)

// lockTakes is how long a desktop may take to lock once it was asked to. One
// that never says that it is locked would never say that it is unlocked.
const lockTakes = 10 * time.Second

const (
	login         = "org.freedesktop.login1"
	loginManager  = login + ".Manager"
	loginSession  = login + ".Session"
	loginPath     = dbus.ObjectPath("/org/freedesktop/login1")
	properties    = "org.freedesktop.DBus.Properties"
	network       = "org.freedesktop.NetworkManager"
	networkPath   = dbus.ObjectPath("/org/freedesktop/NetworkManager")
	networkGlobal = uint32(70) // NM_STATE_CONNECTED_GLOBAL
)

// logind tells of sleep, and of the lock of the session that this program runs
// in. See the manual page org.freedesktop.login1(5).
type logind struct{ session dbus.ObjectPath }

func newLogind() *logind { return &logind{} }

func (*logind) name() string { return login }

func (*logind) rules() [][]dbus.MatchOption {
	return [][]dbus.MatchOption{{
		dbus.WithMatchSender(login), dbus.WithMatchObjectPath(loginPath),
		dbus.WithMatchInterface(loginManager), dbus.WithMatchMember("PrepareForSleep"),
	}}
}

func (g *logind) meet(ctx context.Context, l *listener) {
	session := g.find(ctx, l)
	if session == "" {
		return
	}
	g.session = session
	l.match(ctx, dbus.WithMatchSender(login), dbus.WithMatchObjectPath(session), dbus.WithMatchInterface(loginSession))
	l.match(
		ctx,
		dbus.WithMatchSender(login),
		dbus.WithMatchObjectPath(session),
		dbus.WithMatchInterface(properties),
		dbus.WithMatchMember("PropertiesChanged"),
	)
	g.read(ctx, l)
}

// find returns the session that the environment names, which a desktop passes on,
// or the one that this program belongs to. Where that has no screen to lock, or
// the user's own service manager has started the program, it is the user's
// session with a display.
func (*logind) find(ctx context.Context, l *listener) dbus.ObjectPath {
	var session dbus.ObjectPath
	if id := os.Getenv("XDG_SESSION_ID"); id != "" {
		if l.call(ctx, login, loginPath, loginManager+".GetSession", id).Store(&session) == nil && onScreen(ctx, l, session) {
			return session
		}
	}
	if l.call(ctx, login, loginPath, loginManager+".GetSessionByPID", uint32(os.Getpid())).Store(&session) == nil &&
		onScreen(ctx, l, session) {
		return session
	}
	var value dbus.Variant
	var display struct {
		ID   string
		Path dbus.ObjectPath
	}
	err := l.call(ctx, login, loginPath+"/user/self", properties+".Get", login+".User", "Display").Store(&value)
	if err != nil || dbus.Store([]any{value.Value()}, &display) != nil || display.ID == "" {
		return ""
	}
	return display.Path
}

// onScreen reports whether a session may have a screen, unlike one over ssh.
func onScreen(ctx context.Context, l *listener, session dbus.ObjectPath) bool {
	var kind dbus.Variant
	if l.call(ctx, login, session, properties+".Get", loginSession, "Type").Store(&kind) != nil {
		return true
	}
	return kind.Value() != "tty" && kind.Value() != "unspecified"
}

// read asks whether the session is locked.
func (g *logind) read(ctx context.Context, l *listener) {
	var locked dbus.Variant
	if l.call(ctx, login, g.session, properties+".Get", loginSession, hint).Store(&locked) == nil {
		l.say(ctx, g, hint, locked.Value() == true)
	}
}

func (g *logind) hear(ctx context.Context, l *listener, s *dbus.Signal) {
	switch s.Name {
	case loginManager + ".PrepareForSleep":
		var begins bool
		if dbus.Store(s.Body, &begins) == nil && !begins {
			l.tell(ctx, word{woke: true})
		}
		return
	}
	if s.Path != g.session {
		return
	}
	switch s.Name {
	case loginSession + ".Lock":
		l.relent = time.After(lockTakes)
		l.say(ctx, g, asked, true)
	case loginSession + ".Unlock":
		l.relent = nil
		l.say(ctx, g, asked, false)
	case properties + ".PropertiesChanged":
		g.read(ctx, l) // it may come with the value or without
	}
}

// networkManager tells when the machine is connected to the world again. It is
// a waking: who could not reach anybody may try again.
type networkManager struct{}

func (networkManager) name() string { return network }

func (networkManager) rules() [][]dbus.MatchOption {
	return [][]dbus.MatchOption{{
		dbus.WithMatchSender(network), dbus.WithMatchObjectPath(networkPath),
		dbus.WithMatchInterface(network), dbus.WithMatchMember("StateChanged"),
	}}
}

func (networkManager) meet(context.Context, *listener) {}

func (networkManager) hear(ctx context.Context, l *listener, s *dbus.Signal) {
	var state uint32
	if s.Name == network+".StateChanged" && dbus.Store(s.Body, &state) == nil && state == networkGlobal {
		l.tell(ctx, word{woke: true})
	}
}

// saver is a desktop's screen saver. All of them took over the interface of
// GNOME's under a name of their own.
type saver struct {
	bus   string
	paths []dbus.ObjectPath // where it may be
}

func savers() []service {
	return []service{
		newSaver("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "/ScreenSaver"),
		newSaver("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
		newSaver("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
		newSaver("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
		newSaver("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
	}
}

func newSaver(bus string, paths ...dbus.ObjectPath) service { return &saver{bus, paths} }

func (s *saver) name() string { return s.bus }

func (s *saver) rules() [][]dbus.MatchOption {
	return [][]dbus.MatchOption{{dbus.WithMatchSender(s.bus), dbus.WithMatchInterface(s.bus), dbus.WithMatchMember("ActiveChanged")}}
}

func (s *saver) meet(ctx context.Context, l *listener) {
	for _, path := range s.paths {
		var active bool
		if l.call(ctx, s.bus, path, s.bus+".GetActive").Store(&active) == nil {
			l.say(ctx, s, s.bus, active)
			return
		}
	}
}

func (s *saver) hear(ctx context.Context, l *listener, signal *dbus.Signal) {
	var active bool
	if signal.Name == s.bus+".ActiveChanged" && dbus.Store(signal.Body, &active) == nil {
		l.say(ctx, s, s.bus, active)
	}
}
