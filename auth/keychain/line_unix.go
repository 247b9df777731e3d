//go:build !windows && !darwin

package keychain

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/auth"
)

// dialogAfter is how long a prompt of the Secret Service takes at most that
// shows nothing. KeePassXC has one for every change.
const dialogAfter = 500 * time.Millisecond

// line is a connection to the Secret Service. Everything that a keychain
// remembers of whoever asks it, such as KeePassXC's approvals, belongs to the
// connection. go-keyring is not used here, since on a connection that lives for
// long it takes any signal for the answer to its prompt, waits for that without
// end, and adds a channel with each prompt that nobody reads.
type line struct {
	service string
	c       *dbus.Conn
	end     context.CancelFunc
	owner   string // who is the Secret Service: it remembers nothing of an earlier one
	session dbus.ObjectPath
	lasting bool // it remembers approvals for as long as the connection lives
	asking  *dialogs

	gone    chan struct{} // closed when the connection or the service is no more
	running sync.WaitGroup

	mu      sync.Mutex
	waits   map[dbus.ObjectPath]chan completed
	consent *consent // asked for right now, or nil
}

// completed is how a prompt ended.
type completed struct {
	dismissed bool
	result    dbus.Variant
}

// consent is a question to a person whether the program may have its items.
type consent struct {
	done chan struct{}
	err  error // read it after done
}

// dialLine connects to the Secret Service, and starts it if need be.
func dialLine(ctx context.Context, service string, asking *dialogs) (*line, error) {
	living, end := context.WithCancel(context.Background())
	stop := context.AfterFunc(ctx, end)
	c, e := dial(living)
	if e != nil {
		end()
		return nil, orEnded(ctx, e)
	}
	l := &line{service: service, c: c, end: end, asking: asking, gone: make(chan struct{}), waits: map[dbus.ObjectPath]chan completed{}}
	signals := make(chan *dbus.Signal, 64)
	c.Signal(signals)
	l.running.Go(func() { l.listen(signals) })
	err := l.open(ctx)
	if err == nil && !stop() {
		err = ended(ctx.Err())
	}
	if err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *line) open(ctx context.Context) error {
	for _, rule := range [][]dbus.MatchOption{
		{dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secrets)},
		{dbus.WithMatchInterface(prompts), dbus.WithMatchMember("Completed")},
	} {
		if err := l.c.AddMatchSignalContext(ctx, rule...); err != nil {
			return orEnded(ctx, noBus(err))
		}
	}
	if e := greetService(ctx, l.c); e != nil {
		return e
	}
	l.mu.Lock()
	l.owner = ownerOf(ctx, l.c, secrets)
	l.mu.Unlock()
	l.lasting = ownerOf(ctx, l.c, gnomeKeyring) != l.owner
	var nothing dbus.Variant
	err := l.call(ctx, secretsPath, keeper+".OpenSession", "plain", dbus.MakeVariant("")).Store(&nothing, &l.session)
	if err != nil {
		return l.explain(ctx, err)
	}
	return nil
}

// close ends the connection, and whatever waits on it.
func (l *line) close() {
	l.end()
	_ = l.c.Close()
	l.running.Wait()
}

// listen hands out how prompts end, until the connection or the service does.
func (l *line) listen(signals <-chan *dbus.Signal) {
	defer close(l.gone)
	for {
		select {
		case s, ok := <-signals:
			if !ok || l.over(s) {
				return
			}
			if s.Name == prompts+".Completed" && len(s.Body) == 2 {
				dismissed, _ := s.Body[0].(bool)
				result, _ := s.Body[1].(dbus.Variant)
				l.tell(s.Path, completed{dismissed, result})
			}
		case <-l.c.Context().Done():
			return
		}
	}
}

// over reports whether a signal tells that the service is another one now.
func (l *line) over(s *dbus.Signal) bool {
	if s.Name != "org.freedesktop.DBus.NameOwnerChanged" || len(s.Body) != 3 || s.Body[0] != secrets {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.owner != "" && s.Body[2] != l.owner
}

func (l *line) tell(path dbus.ObjectPath, end completed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if waits, ok := l.waits[path]; ok {
		waits <- end
		delete(l.waits, path)
	}
}

func (l *line) isGone() bool {
	select {
	case <-l.gone:
		return true
	default:
		return false
	}
}

func (l *line) call(ctx context.Context, path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	return l.c.Object(secrets, path).CallWithContext(ctx, method, 0, args...)
}

// prompt lets the service show what it has to, and waits for the end of it.
// withdraw is called when ctx ends before that.
func (l *line) prompt(ctx context.Context, path dbus.ObjectPath, withdraw func()) (completed, error) {
	if path == "/" || path == "" { // it needs none
		return completed{}, nil
	}
	end := make(chan completed, 1)
	l.mu.Lock()
	l.waits[path] = end
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.waits, path)
		l.mu.Unlock()
	}()
	if err := l.call(ctx, path, prompts+".Prompt", "").Err; err != nil {
		return completed{}, l.explain(ctx, err)
	}
	dialog := time.NewTimer(dialogAfter)
	defer dialog.Stop()
	for {
		select {
		case c := <-end:
			return c, nil
		case <-l.gone:
			return completed{}, BrokenOff(nil)
		case <-dialog.C:
			l.asking.add(1)
			defer l.asking.add(-1)
		case <-ctx.Done():
			withdraw()
			return completed{}, ended(ctx.Err())
		}
	}
}

// ask has a person asked about all locked items of the program at once, those
// below collection, by whoever comes first. The question stays on the screen
// when ctx ends, and its answer counts: a second one would be no better.
func (l *line) ask(ctx context.Context, collection dbus.ObjectPath) error {
	l.mu.Lock()
	q := l.consent
	if q == nil {
		q = &consent{done: make(chan struct{})}
		l.consent = q
		l.running.Go(func() {
			q.err = l.askAll(collection)
			l.mu.Lock()
			l.consent = nil
			l.mu.Unlock()
			close(q.done)
		})
	}
	l.mu.Unlock()
	select {
	case <-q.done:
		return q.err
	case <-ctx.Done():
		return ended(ctx.Err())
	}
}

func (l *line) askAll(collection dbus.ObjectPath) error {
	ctx := l.c.Context()
	_, closed, err := l.search(ctx, collection, map[string]string{"service": l.service})
	if err != nil || len(closed) == 0 {
		return err
	}
	var open []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := l.call(ctx, secretsPath, keeper+".Unlock", closed).Store(&open, &prompt); err != nil {
		return l.explain(ctx, err)
	}
	_, err = l.prompt(ctx, prompt, func() {}) // whoever wanted an item sees what came of it
	return err
}

// search finds items below collection: those that are open, and those that are
// locked.
func (l *line) search(ctx context.Context, collection dbus.ObjectPath, what map[string]string) (open, closed []dbus.ObjectPath, err error) {
	if err := l.call(ctx, secretsPath, keeper+".SearchItems", what).Store(&open, &closed); err != nil {
		return nil, nil, l.explain(ctx, err)
	}
	return below(collection, open), below(collection, closed), nil
}

func below(collection dbus.ObjectPath, all []dbus.ObjectPath) (some []dbus.ObjectPath) {
	for _, path := range all {
		if strings.HasPrefix(string(path), string(collection)+"/") {
			some = append(some, path)
		}
	}
	return some
}

// explain says what an error of a call means.
func (l *line) explain(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ended(ctx.Err())
	case l.isGone():
		return BrokenOff(err)
	}
	e := explain(ctx, err)
	if e.Code == auth.CodeKeychainAbsent && l.session != "" { // it was there a moment ago
		return BrokenOff(err)
	}
	return e
}

// orEnded is e, unless it is only that ctx has ended.
func orEnded(ctx context.Context, e *auth.Error) error {
	if ctx.Err() != nil {
		return ended(ctx.Err())
	}
	return e
}
