package server

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"

	"keyfob/app/agent/internal/wire"
	"keyfob/app/lock"
	"keyfob/app/ownfolder"
)

// Adopt makes this process the user's engine in the place of another one, which
// hands on its lock and its socket. They are the caller's no more. Both are nil
// where a process inherits none: they are free by now. Clients that came
// meanwhile are waiting in the socket.
func Adopt(dir string, claim, socket *os.File) (*Listener, error) {
	if socket != nil {
		defer func() { _ = socket.Close() }()
	}
	if err := ownfolder.Make(dir); err != nil {
		return nil, err
	}
	l, err := lock.Adopt(filepath.Join(dir, wire.LockFile), claim)
	switch {
	case errors.Is(err, lock.ErrBusy):
		return nil, ErrRunning
	case err != nil:
		return nil, wire.CannotListen(err)
	}
	ln, err := adopted(dir, socket)
	if err != nil {
		_ = l.Leave()
		return nil, err
	}
	return newListener(dir, ln, l), nil
}

// Files are the lock and a descriptor of the socket, for the process that is to
// adopt them. The socket is the caller's to close. They are nil where a process
// inherits none.
func (l *Listener) Files() (claim, socket *os.File, err error) {
	l.door.mu.Lock()
	defer l.door.mu.Unlock()
	socket, err = file(l.ln)
	return l.lock.File(), socket, err
}

// Quiet waits until no client is being answered. The next may come at once.
func (l *Listener) Quiet(ctx context.Context) error {
	return l.door.until(ctx, func() bool { return l.door.clients == 0 })
}

// Pause lets no more clients in, who wait in the socket from then on, and waits
// until the last answer has ended. Where ctx ends before, they are let in again.
func (l *Listener) Pause(ctx context.Context) error {
	l.door.change(func() {
		l.door.shut = true
		l.pause()
	})
	if err := l.door.until(ctx, func() bool { return l.door.clients == 0 && !l.door.accepting }); err != nil {
		return errors.Join(err, l.Resume())
	}
	l.yield()
	return nil
}

// Resume lets clients in again after [Listener.Pause]. An error says that this
// process is the engine no more.
func (l *Listener) Resume() error {
	var err error
	l.door.change(func() {
		if !l.door.over {
			err = l.resume()
		}
		l.door.shut, l.door.over = false, l.door.over || err != nil
	})
	return err
}

// Given leaves lock and socket to the process that has adopted them. It is called
// after [Listener.Pause]; afterwards [Listener.Close] touches neither.
func (l *Listener) Given() { l.door.change(func() { l.door.given = true }) }

// door lets clients in, or lets them wait.
type door struct {
	mu        sync.Mutex
	news      chan struct{} // closed at the next change; nil where nobody waits for one
	shut      bool          // nobody is let in for now
	over      bool          // nobody will be let in any more
	given     bool          // another process lets them in
	accepting bool          // somebody may be on the way in
	clients   int           // who are in
}

func (d *door) change(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
	if d.news != nil {
		close(d.news)
		d.news = nil
	}
}

// until waits until ok, which is called under d's lock.
func (d *door) until(ctx context.Context, ok func() bool) error {
	for {
		d.mu.Lock()
		if ok() {
			d.mu.Unlock()
			return nil
		}
		if d.news == nil {
			d.news = make(chan struct{})
		}
		news := d.news
		d.mu.Unlock()
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// accept lets the next client in, who goes by l.door.left. While the door is shut
// it waits.
func (l *Listener) accept(ctx context.Context) (net.Conn, error) {
	for {
		var ln net.Listener
		err := l.door.until(ctx, func() bool {
			if l.door.shut && !l.door.over {
				return false
			}
			ln, l.door.accepting = l.ln, true
			return true
		})
		if err != nil {
			return nil, err
		}
		conn, err := ln.Accept()
		again := false
		l.door.change(func() {
			l.door.accepting = false
			if err == nil {
				l.door.clients++
			}
			again = err != nil && (l.door.shut || l.moved(ln) || errors.Is(err, os.ErrDeadlineExceeded)) && !l.door.over
		})
		if !again {
			return conn, err
		}
	}
}

// left notes that a client has gone.
func (l *Listener) left() { l.door.change(func() { l.door.clients-- }) }

// gone says whether another process lets clients in.
func (l *Listener) gone() bool {
	l.door.mu.Lock()
	defer l.door.mu.Unlock()
	return l.door.given
}

// end lets nobody in any more.
func (l *Listener) end() { l.door.change(func() { l.door.over = true; stopAccepting(l.ln) }) }
