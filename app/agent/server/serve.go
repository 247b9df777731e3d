package server

import (
	"bufio"
	"context"
	"errors"
	"net"
	"time"

	"keyfob/app/agent/internal/wire"
	"keyfob/auth"
)

// server is an engine with those who ask it.
type server struct {
	operations map[string]operation
	quit       func() // nil where the engine cannot be asked to end
	suits      func(settings string, named bool) error
	client     func() (gone func())
	other      func() // nil where nobody wants to know
	pending    pending
	working    chan struct{} // has a place for each request at work
}

func newServer(e Engine) *server {
	s := &server{operations: operations(e), quit: e.Quit, client: e.Client, other: e.Other, working: make(chan struct{}, maxWorking)}
	if s.client == nil {
		s.client = func() func() { return func() {} }
	}
	if e.Manage != nil {
		s.suits = e.Manage.Suits
	}
	return s
}

// admit lets a new connection send its request within [wire.RequestWithin].
func (s *server) admit(conn net.Conn) *pendingConn {
	_ = conn.SetReadDeadline(time.Now().Add(wire.RequestWithin))
	return s.pending.add(conn)
}

// request is what a client wants.
type request struct {
	op     string
	answer answer
}

// serve answers the one request of a connection that was admitted, and closes
// it.
func (s *server) serve(ctx context.Context, p *pendingConn) {
	conn := p.conn
	defer func() { _ = conn.Close() }()
	engine := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(longAgo) }) // ends a read under way
	defer stop()

	req, err := s.read(p)
	if err != nil {
		if e := (*auth.Error)(nil); errors.As(err, &e) {
			refuse(conn, e)
		} else if ctx.Err() != nil {
			refuse(conn, wire.Leaving()) // nothing was begun
		}
		return
	}
	select {
	case s.working <- struct{}{}:
		defer func() { <-s.working }()
	default:
		if req.op != string(wire.OpCancel) && req.op != string(wire.OpQuit) { // who ends something is let in
			refuse(conn, wire.Busy())
			return
		}
	}
	_ = conn.SetReadDeadline(time.Time{})
	if wire.HungUp(conn) {
		return // it gave up, as on an engine that was stopped: what it wanted is out of date
	}
	gone := s.client()
	if gone == nil || ctx.Err() != nil {
		refuse(conn, wire.Leaving())
		if gone != nil {
			gone()
		}
		return
	}
	defer gone()
	hungUp := make(chan struct{})
	go func() { // a client says nothing more: what comes is its hanging up
		defer close(hungUp)
		_, _ = conn.Read(make([]byte, 1))
		cancel()
	}()
	sent := req.endsWith(engine).stream(ctx, conn)
	_ = conn.Close()
	<-hungUp
	if sent && req.op == string(wire.OpQuit) && s.quit != nil {
		s.quit()
	}
}

// read reads the request of a connection. An [*auth.Error] is for the client;
// any other says that nobody is there to be told.
func (s *server) read(p *pendingConn) (request, error) {
	line, err := wire.ReadFrame(bufio.NewReaderSize(p.conn, 1<<10), wire.MaxRequest, p.longBuffer)
	stays := p.settle()
	defer p.release() // line may lie in there
	switch {
	case !stays:
		return request{}, wire.Busy()
	case errors.Is(err, wire.ErrTooLong):
		return request{}, wire.TooLong()
	case err != nil: // it hung up, or took too long
		return request{}, err
	}
	head, err := wire.DecodeHead(line)
	if err != nil {
		if s.other != nil && auth.AsError(err).Code == auth.CodeAgentVersion {
			s.other()
		}
		return request{}, err
	}
	decode, known := s.operations[head.Op]
	if !known {
		return request{}, unknown(head.Op)
	}
	if head.Settings != "" && s.suits != nil {
		if err := s.suits(head.Settings, head.Named); err != nil {
			return request{}, err
		}
	}
	answer, err := decode(line)
	return request{op: head.Op, answer: answer}, err
}

// endsWith is the request whose client is told to ask again where nothing came of
// it but the end of the engine, which is that of ctx. What must not be done twice is
// cancelled.
func (r request) endsWith(ctx context.Context) request {
	if !wire.HarmlessTwice(r.op) {
		return r
	}
	answer := r.answer
	r.answer = func(of context.Context, send func(body any)) (any, error) {
		last, err := answer(of, send)
		if e := auth.AsError(err); err != nil && ctx.Err() != nil && (e.Kind == auth.KindCanceled || e.Code == auth.CodeStopped) {
			err = wire.Leaving()
		}
		return last, err
	}
	return r
}

// line is one line of an answer.
type line struct {
	wire.ReplyHead
	body any
}

// stream sends the answer's lines as they come, and "wait" while none does. It
// returns when the answer has ended, so that nothing outlives the connection,
// and reports whether the last line was sent.
func (r request) stream(ctx context.Context, conn net.Conn) (sent bool) {
	ctx, cancel := context.WithCancel(ctx)
	lines := make(chan line)
	send := func(l line) {
		select {
		case lines <- l:
		case <-ctx.Done():
		}
	}
	go func() {
		defer close(lines)
		last, err := r.answer(ctx, func(body any) { send(line{wire.ReplyHead{OK: true, More: true}, body}) })
		if err != nil {
			send(line{wire.ReplyHead{Error: auth.AsError(err)}, nil})
			return
		}
		send(line{wire.ReplyHead{OK: true}, last})
	}()
	defer func() {
		cancel()
		for range lines { // until the answer has ended
		}
	}()
	wait := time.NewTicker(wire.WaitEvery(r.op))
	defer wait.Stop()
	for {
		select {
		case l, more := <-lines:
			if !more || wire.Reply(conn, l.ReplyHead, l.body) != nil {
				return sent
			}
			sent = !l.More
		case <-wait.C:
			if wire.Reply(conn, wire.ReplyHead{OK: true, Wait: true}, nil) != nil {
				return sent
			}
		}
	}
}

// refuse answers a request that nothing was done for.
func refuse(conn net.Conn, e *auth.Error) { _ = wire.Reply(conn, wire.ReplyHead{Error: e}, nil) }
