package agent

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"keyfob/app/agent/internal/wire"
	"keyfob/auth"
)

// ErrNoAgent is what [Dial] and a [Client] give when no engine runs.
var ErrNoAgent = wire.ErrNoAgent

// LockFile is the name of the lock that an engine holds in its folder.
const LockFile = wire.LockFile

// Config says which engine a client asks, and for whom.
type Config struct {
	Dir string // the engine's folder
	// Settings is the absolute path of the settings file that is meant; empty for
	// whichever the engine has. Named says that a person chose it.
	Settings string
	Named    bool
	Unlock   bool // a person is there to give the keychain's password
	// Start starts an engine where none runs. Where it is nil there is none then.
	Start func(ctx context.Context) error
}

// Client asks the user's engine. Its methods may be called from any goroutine
// and do not hold each other up. Their errors are [ErrNoAgent], what
// [Config.Start] returned, the engine's own [*auth.Error], one of KindTransient
// when the engine is silent for four seconds or ends midway, or one that wraps
// ctx's error.
type Client struct {
	cfg  Config
	kept atomic.Pointer[keptConn]
}

// keptConn is the connection that Dial made, for the first request.
type keptConn struct {
	wire.Conn
	since time.Time
}

// keptFor is how long the kept connection is good for; the engine drops one
// that says nothing a little later.
const keptFor = wire.RequestWithin / 3

// A client that was turned away waits from busyPause, doubled each time, up to
// busyPauseMost.
const (
	busyPause     = 5 * time.Millisecond
	busyPauseMost = 100 * time.Millisecond
)

// New returns a client that connects with its first request.
func New(c Config) *Client { return &Client{cfg: c} }

// Dial finds the engine whose folder is dir, which must run. It checks that
// folder and socket are this user's.
func Dial(ctx context.Context, dir string) (*Client, error) {
	conn, err := wire.Dial(ctx, dir)
	if err != nil {
		return nil, err
	}
	c := New(Config{Dir: dir})
	c.kept.Store(&keptConn{Conn: conn, since: time.Now()})
	return c, nil
}

// Close gives back what Dial took, if no request has used it. The client may
// still be used.
func (c *Client) Close() error {
	if k := c.kept.Swap(nil); k != nil {
		return k.Close()
	}
	return nil
}

// caller is what requests say of who asks.
func (c *Client) caller() wire.Caller {
	return wire.Caller{Settings: c.cfg.Settings, Named: c.cfg.Named, Unlock: c.cfg.Unlock}
}

// Caller is what requests say of who asks, for packages below this one.
func (c *Client) Caller() wire.Caller { return c.caller() }

// Ask sends one request, for packages below this one.
func Ask[Req, Rep any](ctx context.Context, c *Client, op wire.Op[Req, Rep], req Req) (Rep, error) {
	return call(ctx, c, op, req)
}

// call sends one request on a connection of its own and returns the answer, of
// one line.
func call[Req, Rep any](ctx context.Context, c *Client, op wire.Op[Req, Rep], req Req) (Rep, error) {
	return stream(ctx, c, op, req, nil)
}

// stream is call for an answer of several lines: each gets those before the
// last, which is returned. An engine with too many callers, one that is ending, or
// one of another version is called again for as long as a silent one is waited for.
func stream[Req, Rep any](ctx context.Context, c *Client, op wire.Op[Req, Rep], req Req, each func(Rep) error) (Rep, error) {
	began, pause := time.Now(), busyPause
	for deaths := 0; ; {
		r, err := callOnce(ctx, c, op, req, each)
		code, patient := auth.AsError(err), time.Since(began) <= wire.SilentFor
		switch {
		case err == nil:
			return r, nil
		case patient && (code.Code == auth.CodeAgentBusy || code.Code == auth.CodeAgentLeaving):
		case patient && code.Code == auth.CodeAgentVersion && c.cfg.Start != nil: // its program was replaced just now, perhaps
		case patient && deaths < deathsMost && c.died(code, string(op)):
			deaths++ // the next engine answers
		case c.cfg.Start != nil && errors.Is(err, ErrNoAgent): // it did run
			return r, wire.Gone()
		default:
			return r, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, busyPauseMost)
	}
}

// deathsMost is how many engines may die under one request: not every one that is
// killed is alone, and one that a request kills is not started for ever.
const deathsMost = 5

// died reports whether err says that an engine ended that this client had started,
// or found, and that op may be asked of the next one.
func (c *Client) died(err *auth.Error, op string) bool {
	if c.cfg.Start == nil {
		return false
	}
	return err.Code == auth.CodeNoAgent || // before it was asked
		err.Code == auth.CodeAgentGone && wire.HarmlessTwice(op)
}

func callOnce[Req, Rep any](ctx context.Context, c *Client, op wire.Op[Req, Rep], req Req, each func(Rep) error) (Rep, error) {
	var none Rep
	if err := ctx.Err(); err != nil {
		return none, wire.ContextError(err)
	}
	conn, err := c.conn(ctx)
	if err != nil {
		return none, err
	}
	defer func() { _ = conn.Close() }()
	return wire.Exchange(ctx, conn, op, req, each)
}

func (c *Client) conn(ctx context.Context) (wire.Conn, error) {
	if k := c.kept.Swap(nil); k != nil {
		if time.Since(k.since) < keptFor {
			return k.Conn, nil
		}
		_ = k.Close()
	}
	conn, err := wire.Dial(ctx, c.cfg.Dir)
	if c.cfg.Start == nil || !errors.Is(err, ErrNoAgent) {
		return conn, err
	}
	if err := c.cfg.Start(ctx); err != nil {
		return nil, err
	}
	return wire.Dial(ctx, c.cfg.Dir)
}

// Whole is the part of an answer that it is about, which a foreign engine may
// leave out. of says what that is.
func Whole[T any](v *T, err error, of string) (T, error) {
	if v == nil {
		v = new(T)
		if err == nil {
			err = wire.BrokenReply("the engine answered without "+of, nil)
		}
	}
	return *v, err
}
