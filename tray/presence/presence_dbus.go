//go:build linux || freebsd || openbsd || netbsd

package presence

import (
	"context"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/tray/internal/bus"
)

// watch puts together what both buses tell. It tells nothing before
// both have said how things are.
func watch(ctx context.Context, out chan<- State) {
	words := make(chan word)
	var running sync.WaitGroup
	defer running.Wait()
	ready := make(chan struct{})
	var unknown sync.WaitGroup
	for _, l := range []*listener{
		{connect: bus.ConnectSystem, services: []service{newLogind(), networkManager{}}},
		{connect: bus.Connect, services: savers()},
	} {
		unknown.Add(1)
		l.words, l.known = words, sync.OnceFunc(unknown.Done)
		running.Go(func() { l.stay(ctx) })
	}
	running.Go(func() { unknown.Wait(); close(ready) })

	var (
		now, told State
		locked    = map[string]bool{} // who says so
		first     = true
		tell      chan<- State // nil while there is nothing to tell
	)
	for {
		if tell = out; ready != nil || now == told && !first {
			tell = nil
		}
		select {
		case w := <-words:
			switch {
			case w.woke:
				now.Wakes++
			case w.locked:
				locked[w.by] = true
			default:
				delete(locked, w.by)
			}
			now.Locked = len(locked) > 0
		case <-ready:
			ready = nil
		case tell <- now:
			told, first = now, false
		case <-ctx.Done():
			return
		}
	}
}

// word is what somebody on a bus says.
type word struct {
	woke   bool   // nothing is known of the lock then
	by     string // who says whether it is locked
	locked bool
}

// service is somebody on a bus who may say something.
type service interface {
	name() string
	// rules are the signals to hear.
	rules() [][]dbus.MatchOption
	// meet asks how things are, when the service has come.
	meet(ctx context.Context, l *listener)
	// hear takes a signal of the service.
	hear(ctx context.Context, l *listener, s *dbus.Signal)
}

const (
	// patience bounds each call.
	patience = 5 * time.Second
	// A bus that was lost is looked for after a pause that doubles up to
	// lastPause. One that was never there is not: no desktop gets one later.
	firstPause = time.Second
	lastPause  = 5 * time.Minute
)

// listener hears the services of one bus. It belongs to one goroutine.
type listener struct {
	connect  func(context.Context, ...dbus.ConnOption) (*dbus.Conn, error)
	services []service
	words    chan<- word
	known    func() // called once it is known how things are

	conn   *dbus.Conn
	owners map[string]string  // the unique name of who owns each service's name
	locks  map[string]service // who said that it is locked, and of which service
	relent <-chan time.Time   // when what was asked for has not come about
}

// stay listens as long as there is a bus.
func (l *listener) stay(ctx context.Context) {
	defer l.known()
	was := false
	for pause := firstPause; pause <= lastPause; pause *= 2 {
		if l.follow(ctx) {
			was, pause = true, firstPause
		}
		l.known()
		if !was || ctx.Err() != nil {
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// follow listens over one connection, until it is lost or ctx ends. It reports
// whether there was one.
func (l *listener) follow(ctx context.Context) bool {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := l.connect(within, dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	signals := make(chan *dbus.Signal)
	conn.Signal(signals)
	l.conn, l.owners, l.locks, l.relent = conn, map[string]string{}, map[string]service{}, nil
	for _, s := range l.services {
		if !l.subscribe(ctx, s) {
			return false
		}
	}
	for _, s := range l.services {
		var owner string
		if l.call(
			ctx, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.GetNameOwner", s.name(),
		).Store(&owner) == nil {
			l.owners[s.name()] = owner
			s.meet(ctx, l)
		}
	}
	l.known()
	for {
		select {
		case s, ok := <-signals:
			if !ok {
				for by := range l.locks {
					l.say(ctx, nil, by, false) // nobody knows any more
				}
				return true
			}
			l.hear(ctx, s)
		case <-l.relent:
			l.say(ctx, nil, asked, false)
		case <-ctx.Done():
			return true
		}
	}
}

func (l *listener) subscribe(ctx context.Context, s service) bool {
	rules := append(s.rules(), []dbus.MatchOption{
		dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, s.name()),
	})
	for _, rule := range rules {
		if !l.match(ctx, rule...) {
			return false
		}
	}
	return true
}

func (l *listener) match(ctx context.Context, rule ...dbus.MatchOption) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return l.conn.AddMatchSignalContext(ctx, rule...) == nil
}

// hear passes a signal on to the service that it is of. The bus delivers what
// others address to this program directly, too, and that is ignored.
func (l *listener) hear(ctx context.Context, s *dbus.Signal) {
	if s.Name != "org.freedesktop.DBus.NameOwnerChanged" {
		for _, of := range l.services {
			if l.owners[of.name()] == s.Sender {
				of.hear(ctx, l, s)
			}
		}
		return
	}
	var name, old, owner string
	if s.Sender != "org.freedesktop.DBus" || dbus.Store(s.Body, &name, &old, &owner) != nil {
		return
	}
	for _, of := range l.services {
		if of.name() != name {
			continue
		}
		l.owners[name] = owner
		for by, who := range l.locks {
			if who == of {
				l.say(ctx, nil, by, false)
			}
		}
		if owner != "" {
			of.meet(ctx, l)
		}
	}
}

// say tells whether it is locked, by the word of a service.
func (l *listener) say(ctx context.Context, s service, by string, locked bool) {
	if locked {
		l.locks[by] = s
	} else {
		delete(l.locks, by)
	}
	l.tell(ctx, word{by: by, locked: locked})
}

func (l *listener) tell(ctx context.Context, w word) {
	select {
	case l.words <- w:
	case <-ctx.Done():
	}
}

// call calls a method, and starts no service for it.
func (l *listener) call(ctx context.Context, name string, path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return l.conn.Object(name, path).CallWithContext(ctx, method, dbus.FlagNoAutoStart, args...)
}
