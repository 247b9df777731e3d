//go:build !windows && !darwin

package keychain

import (
	"context"
	"sync/atomic"

	"keyfob/auth"

	"github.com/godbus/dbus/v5"
)

// chunkSizes: the Secret Service sets no limit, and the fewer items there are
// the less it asks a person about. A service that takes only small ones gets
// small ones.
func chunkSizes() []int { return []int{256 << 10, chunkSize} }

// oneAtATime: calls end with their context, so that they need not wait for each
// other.
const oneAtATime = false

// system is the operating system's keychain: the Secret Service, over one
// connection for as long as that and the service live.
type system struct {
	service string
	current chan *line // the connection, or nil
	dialogs dialogs
	changed atomic.Bool // the first connection is no more
}

// dialogs counts those of ours that are on the screen.
type dialogs struct {
	n    atomic.Int32
	tell func(n int32) // of one more or one less; may be nil
}

func (d *dialogs) add(n int32) {
	d.n.Add(n)
	if d.tell != nil {
		d.tell(n)
	}
}

func newSystem(service string) *system {
	s := &system{service: service, current: make(chan *line, 1)}
	s.current <- nil
	return s
}

// close ends the connection.
func (s *system) close() {
	if l := <-s.current; l != nil {
		l.close()
	}
	s.current <- nil
}

// asking reports whether a dialog of ours is on the screen.
func (s *system) asking() bool { return s.dialogs.n.Load() > 0 }

// onAsking has tell told of each dialog that opens, with 1, and closes, with -1.
// Call it before the first use.
func (s *system) onAsking(tell func(n int32)) { s.dialogs.tell = tell }

// worn reports whether the keychain, or the connection to it, has begun anew.
func (s *system) worn() bool {
	if s.changed.Load() {
		return true
	}
	select {
	case l := <-s.current:
		defer func() { s.current <- l }()
		return l != nil && l.isGone()
	default:
		return false // it is being made
	}
}

// connect makes the connection that the next operation uses. It reports whether
// the keychain remembers approvals for as long as the connection lives.
func (s *system) connect(ctx context.Context) (lasting bool, err error) {
	l, err := s.line(ctx)
	if err != nil {
		return false, err
	}
	return l.lasting, nil
}

// line returns the connection, anew where the last one is no more.
func (s *system) line(ctx context.Context) (*line, error) {
	var l *line
	select {
	case l = <-s.current:
	case <-ctx.Done():
		return nil, ended(ctx.Err())
	}
	var err error
	if l != nil && l.isGone() {
		l.close()
		l = nil
		s.changed.Store(true)
	}
	if l == nil {
		l, err = dialLine(ctx, s.service, &s.dialogs)
	}
	s.current <- l
	return l, err
}

// backend is the keychain for one operation. One that is quiet asks nobody.
func (s *system) backend(quiet bool) backend { return &operation{system: s, quiet: quiet} }

// operation is one operation on the Secret Service.
type operation struct {
	*system
	quiet bool
	l     *line
	in    dbus.ObjectPath // the collection
}

// begin connects and unlocks the collection.
func (o *operation) begin(ctx context.Context) error {
	if o.l != nil {
		return nil
	}
	l, err := o.line(ctx)
	if err != nil {
		return err
	}
	in, e := stateOf(ctx, l.c, 0)
	if e != nil && (e.Code != auth.CodeKeychainLocked || o.quiet) {
		return orEnded(ctx, e)
	}
	if e != nil {
		if err := l.unlock(ctx, in); err != nil {
			return err
		}
	}
	o.l, o.in = l, in
	return nil
}

// unlock has a person asked for the keychain's password.
func (l *line) unlock(ctx context.Context, in dbus.ObjectPath) error {
	var open []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := l.call(ctx, secretsPath, keeper+".Unlock", []dbus.ObjectPath{in}).Store(&open, &prompt); err != nil {
		return l.explain(ctx, err)
	}
	// gnome-keyring ends itself over a prompt that is dismissed while it is on
	// the screen, but not over a program that goes.
	end, err := l.prompt(ctx, prompt, l.end)
	if err != nil {
		return err
	}
	if end.dismissed {
		return stillLocked(ctx, l.c)
	}
	return nil
}

// find finds an item, and has a person asked where it is locked.
func (o *operation) find(ctx context.Context, name string) (path dbus.ObjectPath, err error) {
	if err := o.begin(ctx); err != nil {
		return "", err
	}
	what := map[string]string{"service": o.service, "username": name}
	for asked := false; ; asked = true {
		open, closed, err := o.l.search(ctx, o.in, what)
		switch {
		case err != nil:
			return "", err
		case len(open) > 0:
			return open[0], nil
		case len(closed) == 0:
			return "", errNoItem
		case o.quiet:
			return "", unapproved()
		case asked:
			return "", denied(nil)
		}
		if err := o.l.ask(ctx, o.in); err != nil {
			return "", err
		}
	}
}

// secret is the Secret Service's struct of that name.
type secret struct {
	Session       dbus.ObjectPath
	Params, Value []byte
	Type          string
}

func (o *operation) get(ctx context.Context, name string) (string, error) {
	for asked := false; ; asked = true {
		path, err := o.find(ctx, name)
		if err != nil {
			return "", err
		}
		var s secret
		err = o.l.call(ctx, path, item+".GetSecret", o.l.session).Store(&s)
		switch {
		case err == nil:
			return string(s.Value), nil
		case !isLocked(err) || asked:
			return "", o.l.explain(ctx, err)
		}
		// Allowed for once, or locked again in between.
	}
}

func (o *operation) set(ctx context.Context, name, value string) error {
	if _, err := o.find(ctx, name); err != nil && err != errNoItem {
		return err
	}
	properties := map[string]dbus.Variant{
		item + ".Label":      dbus.MakeVariant("Keyfob: " + name),
		item + ".Attributes": dbus.MakeVariant(map[string]string{"service": o.service, "username": name}),
	}
	var path, prompt dbus.ObjectPath
	s := secret{o.l.session, []byte{}, []byte(value), "text/plain; charset=utf8"}
	if err := o.l.call(ctx, o.in, collection+".CreateItem", properties, s, true).Store(&path, &prompt); err != nil {
		return o.l.explain(ctx, err)
	}
	return o.finish(ctx, prompt, "store")
}

func (o *operation) remove(ctx context.Context, name string) error {
	path, err := o.find(ctx, name)
	if err != nil {
		return err
	}
	var prompt dbus.ObjectPath
	if err := o.l.call(ctx, path, item+".Delete").Store(&prompt); err != nil {
		return o.l.explain(ctx, err)
	}
	return o.finish(ctx, prompt, "delete")
}

// finish lets the service ask what it asks about a change.
func (o *operation) finish(ctx context.Context, prompt dbus.ObjectPath, what string) error {
	end, err := o.l.prompt(ctx, prompt, func() {
		o.l.c.Object(secrets, prompt).Go(prompts+".Dismiss", dbus.FlagNoReplyExpected, nil)
	})
	if err != nil {
		return err
	}
	if end.dismissed {
		return refusedTo(what)
	}
	return nil
}
