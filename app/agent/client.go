package agent

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
)

// ErrNoAgent is what [Dial] and a [Client] give when no engine runs.
var ErrNoAgent error = &auth.Error{
	Kind: auth.KindFailed,
	Code: auth.CodeNoAgent,
	What: "keyfob is not running",
	Do:   "start it with `keyfob`",
	Who:  auth.WhoYou,
}

// Client asks the user's engine. Its methods may be called from any goroutine
// and do not hold each other up. Their errors are [ErrNoAgent], the engine's
// own [*auth.Error], one of KindTransient when the engine is silent for four
// seconds or ends midway, or one that wraps ctx's error.
type Client struct {
	dir  string
	kept atomic.Pointer[keptConn]
}

// keptConn is the connection that Dial made, for the first request.
type keptConn struct {
	net.Conn
	since time.Time
}

// keptFor is how long the kept connection is good for; the engine drops one
// that says nothing a little later.
const keptFor = requestWithin / 3

// A client that was turned away waits from busyPause, doubled each time, up to
// busyPauseMost.
const (
	busyPause     = 5 * time.Millisecond
	busyPauseMost = 100 * time.Millisecond
)

// Dial finds the engine whose folder is dir. It checks that folder and socket
// are this user's.
func Dial(ctx context.Context, dir string) (*Client, error) {
	conn, err := dialSocket(ctx, dir)
	if err != nil {
		return nil, err
	}
	c := &Client{dir: dir}
	c.kept.Store(&keptConn{Conn: conn, since: time.Now()})
	return c, nil
}

// Close gives back what Dial took, if no request has used it. The client may
// still be asked.
func (c *Client) Close() error {
	if k := c.kept.Swap(nil); k != nil {
		return k.Close()
	}
	return nil
}

// Status returns all sessions.
func (c *Client) Status(ctx context.Context) ([]session.Snapshot, error) {
	r, err := c.ask(ctx, request{Op: opStatus}, nil)
	return r.Snapshots, err
}

// Watch calls f with all sessions now and after each change, until ctx ends,
// the engine ends or f returns an error, which Watch then returns.
func (c *Client) Watch(ctx context.Context, f func([]session.Snapshot) error) error {
	_, err := c.ask(ctx, request{Op: opWatch}, func(r reply) error { return f(r.Snapshots) })
	return err
}

// Token returns tokens whose access token is valid for more than atLeast. They
// hold no refresh token.
func (c *Client) Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error) {
	r, err := c.ask(ctx, request{Op: opToken, Tool: tool, MinValid: atLeast}, nil)
	switch {
	case err != nil:
		return auth.Tokens{}, err
	case r.Tokens == nil:
		return auth.Tokens{}, emptyReply("a token")
	}
	return r.Tokens.tokens(), nil
}

// Inspect returns what the tool's tokens say, as they are: expired ones are not
// renewed for it. No token crosses the socket.
func (c *Client) Inspect(ctx context.Context, tool string) (inspect.Inspection, error) {
	r, err := c.ask(ctx, request{Op: opInspect, Tool: tool}, nil)
	if err != nil {
		return inspect.Inspection{}, err
	}
	var in inspect.Inspection
	if json.Unmarshal(r.Inspection, &in) != nil {
		return inspect.Inspection{}, emptyReply("what the token says")
	}
	return in, nil
}

func emptyReply(of string) error {
	return &auth.Error{
		Kind: auth.KindProtocol,
		Code: auth.CodeAgentReply,
		What: "the engine answered without " + of,
		Do:   "quit it and start it again",
		Who:  auth.WhoYou,
	}
}

// Login signs in, or joins a sign-in under way, and waits for its end. When
// ctx ends first and nobody else waits, the sign-in is cancelled.
func (c *Client) Login(ctx context.Context, tool string, o session.SignInOptions) error {
	_, err := c.ask(
		ctx,
		request{Op: opLogin, Tool: tool, NoBrowser: o.NoBrowser, Prompt: o.Prompt, Offline: o.Offline, SwitchAccount: o.SwitchAccount},
		func(r reply) error {
			if r.Step != nil && o.Progress != nil {
				o.Progress(*r.Step)
			}
			return nil
		},
	)
	return err
}

// Cancel ends a sign-in for everybody who waits for it.
func (c *Client) Cancel(ctx context.Context, tool string) error { return c.tell(ctx, opCancel, tool) }

// Logout signs out, as [engine.Manager.SignOut] does.
func (c *Client) Logout(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	var p session.SignOutResult
	_, err := c.ask(ctx, request{Op: opLogout, Tool: tool, Local: o.Local, Browser: o.Browser, Pages: o.Pages}, func(r reply) error {
		if r.SignOut != nil {
			p = *r.SignOut
		}
		return nil
	})
	return p, err
}

// Later says that a person put off the prompt to sign in.
func (c *Client) Later(ctx context.Context, tool string) error { return c.tell(ctx, opLater, tool) }

// Copy puts the tool's access token, or what as says, into the engine's
// clipboard.
func (c *Client) Copy(ctx context.Context, tool string, as CopyAs) error {
	_, err := c.ask(ctx, request{Op: opCopy, Tool: tool, As: as}, nil)
	return err
}

// Home opens the tool's home page in the browser.
func (c *Client) Home(ctx context.Context, tool string) error { return c.tell(ctx, opHome, tool) }

// Reopen opens the address of the tool's sign-in under way in the browser once
// more.
func (c *Client) Reopen(ctx context.Context, tool string) error { return c.tell(ctx, opReopen, tool) }

// Show brings the engine that runs to the person's attention.
func (c *Client) Show(ctx context.Context) error { return c.tell(ctx, opShow, "") }

// Quit asks the engine to end. It does so after Quit has returned.
func (c *Client) Quit(ctx context.Context) error { return c.tell(ctx, opQuit, "") }

// tell asks for something whose answer is that it was done.
func (c *Client) tell(ctx context.Context, op, tool string) error {
	_, err := c.ask(ctx, request{Op: op, Tool: tool}, nil)
	return err
}

// ask sends one request on a connection of its own and returns the last line
// of the answer; each gets the ones before. An engine with too many callers is
// asked again for as long as a silent one is waited for.
func (c *Client) ask(ctx context.Context, req request, each func(reply) error) (reply, error) {
	began, pause := time.Now(), busyPause
	for {
		r, err := c.askOnce(ctx, req, each)
		if err == nil || auth.AsError(err).Code != codeBusy || time.Since(began) > silentFor {
			return r, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, busyPauseMost)
	}
}

func (c *Client) askOnce(ctx context.Context, req request, each func(reply) error) (reply, error) {
	if err := ctx.Err(); err != nil {
		return reply{}, ctxError(err)
	}
	conn, err := c.conn(ctx)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = conn.Close() }()
	return exchange(ctx, conn, req, each)
}

func (c *Client) conn(ctx context.Context) (net.Conn, error) {
	if k := c.kept.Swap(nil); k != nil {
		if time.Since(k.since) < keptFor {
			return k.Conn, nil
		}
		_ = k.Close()
	}
	return dialSocket(ctx, c.dir)
}

// exchange is one request and its answer on conn.
func exchange(ctx context.Context, conn net.Conn, req request, each func(reply) error) (reply, error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // which ends reads and writes under way
	defer stop()
	req.V = version
	line, err := encode(req)
	if err != nil {
		return reply{}, badRequest("this cannot be asked")
	}
	if len(line)-1 > maxRequest {
		return reply{}, tooLong()
	}
	silent := silentFor
	_ = conn.SetDeadline(time.Now().Add(silent))
	_, _ = conn.Write(line) // where that fails the engine has hung up, and may have said why
	for lines := bufio.NewReader(conn); ; {
		line, err := readFrame(lines, maxReply, nil)
		if err != nil {
			return reply{}, ioError(ctx, err)
		}
		r, err := decodeReply(line)
		switch {
		case err != nil:
			return reply{}, err
		case r.Error != nil:
			return reply{}, r.Error
		case r.Wait:
		case !r.More:
			return r, nil
		case each != nil:
			if err := each(r); err != nil {
				return reply{}, err
			}
		}
		if req.Op == opWatch {
			silent = watchSilentFor
		}
		_ = conn.SetReadDeadline(time.Now().Add(silent))
	}
}

// ioError says what a failed read or write means to the caller.
func ioError(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctxError(ctx.Err())
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &auth.Error{
			Kind: auth.KindTransient,
			Code: auth.CodeAgentSilent,
			What: "the keyfob that runs does not answer",
			Do:   "try again, or end it and start it again",
			Who:  auth.WhoYou,
			Err:  err,
		}
	case errors.Is(err, errTooLong):
		return &auth.Error{
			Kind: auth.KindProtocol,
			Code: auth.CodeAgentReply,
			What: "the answer of the keyfob that runs is too long",
			Do:   "quit it and start it again",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return ending()
}

func ctxError(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return &auth.Error{
			Kind: auth.KindTransient,
			Code: auth.CodeTimeout,
			What: "keyfob took too long",
			Do:   "try again",
			Who:  auth.WhoWait,
			Err:  err,
		}
	}
	return &auth.Error{Kind: auth.KindCanceled, Code: auth.CodeCanceled, What: "cancelled before it was done", Who: auth.WhoYou, Err: err}
}
