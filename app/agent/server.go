package agent

import (
	"bufio"
	"context"
	"errors"
	"net"
	"path/filepath"
	"sync"
	"time"

	"keyfob/app/lock"
	"keyfob/app/ownfolder"
	"keyfob/auth"
)

// ErrRunning is what [Listen] gives when this user has an engine already.
var ErrRunning error = &auth.Error{
	Kind: auth.KindFailed,
	Code: auth.CodeRunning,
	What: "keyfob is running already",
	Do:   "use the one that runs, or quit it first",
	Who:  auth.WhoYou,
}

// lockFile is the name of the engine's lock. The file is never deleted: two
// processes could else hold locks on two files of that name.
const lockFile = "engine.lock"

// Listener is this process's claim to be the user's engine. The claim holds
// from [Listen] to [Listener.Close], or to the process's end however it comes.
type Listener struct {
	ln   net.Listener
	lock *lock.Lock
}

// Listen makes this process the user's engine. dir is made when it is missing,
// must be this user's alone, and names the socket on systems where sockets are
// files. Clients that connect before [Listener.Serve] wait for it. The error
// is [ErrRunning] when another process is the engine, else an [*auth.Error].
func Listen(dir string) (*Listener, error) {
	if err := ownfolder.Make(dir); err != nil {
		return nil, err
	}
	claim, err := lock.Open(filepath.Join(dir, lockFile))
	switch {
	case errors.Is(err, lock.ErrBusy):
		return nil, ErrRunning
	case err != nil:
		return nil, cannotListen(err)
	}
	ln, err := listenSocket(dir) // only under the lock may it clear away an old one
	if err != nil {
		_ = claim.Release()
		return nil, err
	}
	return &Listener{ln: ln, lock: claim}, nil
}

func cannotListen(err error) error {
	return &auth.Error{
		Kind: auth.KindFailed,
		Code: auth.CodeAgentListen,
		What: "cannot open keyfob's own socket (" + err.Error() + ")",
		Do:   "check the folder that it names",
		Who:  auth.WhoYou,
		Err:  err,
	}
}

// Close gives up the claim. Call it after [Listener.Serve] has returned.
func (l *Listener) Close() error {
	err := l.ln.Close() // removes the socket, still under the lock
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	return errors.Join(err, l.lock.Release())
}

// Serve answers clients until ctx ends. It returns when the last answer has
// ended.
func (l *Listener) Serve(ctx context.Context, e Engine) error {
	stop := context.AfterFunc(ctx, func() { _ = l.ln.Close() })
	defer stop()
	s := newServer(e)
	var conns sync.WaitGroup
	defer conns.Wait()
	for {
		conn, err := l.ln.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = conn.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return cannotListen(err)
		case err != nil: // out of descriptors, say: that passes
			select {
			case <-time.After(50 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		}
		if checkPeer(conn) != nil {
			_ = conn.Close() // another user gets no word, and takes nobody's place
			continue
		}
		g := s.admit(conn)
		conns.Go(func() { s.serve(ctx, g) })
	}
}

// server is an engine with those who ask it.
type server struct {
	Engine  Engine
	lobby   lobby
	working chan struct{} // has a place for each request at work
}

func newServer(e Engine) *server {
	return &server{Engine: e, working: make(chan struct{}, maxWorking)}
}

// admit lets a new connection send its request within requestWithin.
func (s *server) admit(conn net.Conn) *guest {
	_ = conn.SetReadDeadline(time.Now().Add(requestWithin))
	return s.lobby.enter(conn)
}

// serve answers the one request of a connection that was admitted, and closes
// it.
func (s *server) serve(ctx context.Context, g *guest) {
	conn := g.Conn
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(longAgo) }) // ends a read under way
	defer stop()

	line, err := readFrame(bufio.NewReaderSize(conn, 1<<10), maxRequest, g.longer)
	if !g.leave() {
		_ = write(conn, reply{Error: busy()})
		return
	}
	var req request
	switch {
	case errors.Is(err, errTooLong):
		err = tooLong()
	case err != nil: // it left, or took too long
		g.done()
		return
	default:
		req, err = decodeRequest(line)
	}
	g.done()
	if err != nil {
		_ = write(conn, reply{Error: auth.AsError(err)})
		return
	}
	select {
	case s.working <- struct{}{}:
		defer func() { <-s.working }()
	default:
		if req.Op != opCancel && req.Op != opQuit { // who ends something is let in
			_ = write(conn, reply{Error: busy()})
			return
		}
	}
	_ = conn.SetReadDeadline(time.Time{})
	if gone(conn) {
		return // it gave up, as on an engine that was stopped: what it wanted is out of date
	}
	left := make(chan struct{})
	go func() { // a client says nothing more: what comes is its leaving
		defer close(left)
		_, _ = conn.Read(make([]byte, 1))
		cancel()
	}()
	told := s.Engine.stream(ctx, conn, req)
	_ = conn.Close()
	<-left
	if told && req.Op == opQuit && s.Engine.Quit != nil {
		s.Engine.Quit()
	}
}

// stream sends the answer's lines as they come, and "wait" while none does. It
// returns when the answer has ended, so that nothing outlives the connection,
// and reports whether the last line was sent.
func (e Engine) stream(ctx context.Context, conn net.Conn, req request) (told bool) {
	ctx, cancel := context.WithCancel(ctx)
	lines := make(chan reply)
	go func() {
		defer close(lines)
		e.answer(ctx, req, func(r reply) {
			select {
			case lines <- r:
			case <-ctx.Done():
			}
		})
	}()
	defer func() {
		cancel()
		for range lines { // until answer has returned
		}
	}()
	every := waitEvery
	if req.Op == opWatch {
		every = watchWaitEvery
	}
	wait := time.NewTicker(every)
	defer wait.Stop()
	for {
		select {
		case r, more := <-lines:
			if !more || write(conn, r) != nil {
				return told
			}
			told = !r.More
		case <-wait.C:
			if write(conn, reply{OK: true, Wait: true}) != nil {
				return told
			}
		}
	}
}

// write sends one line. A client that does not read loses its connection.
func write(conn net.Conn, r reply) error {
	r.V = version
	line, err := encode(r)
	if err == nil && len(line) > maxReply {
		line, err = encode(
			reply{
				V:     version,
				Error: &auth.Error{Kind: auth.KindFailed, Code: auth.CodeAgentReply, What: "the answer is longer than 16 MiB"},
			},
		)
	}
	if err != nil {
		return err
	}
	_ = conn.SetWriteDeadline(time.Now().Add(writeWithin))
	_, err = conn.Write(line)
	return err
}
