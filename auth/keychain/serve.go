package keychain

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"keyfob/auth"
)

// connectWithin bounds how long the helper waits for the keychain before it
// takes the first question.
const connectWithin = 3 * time.Second

// ServeChild is the other side of [Child]: it answers questions that come from
// the process that started it, over its standard input, until that process
// closes it or ends. What is being written by then is finished. harden is called
// when the keychain has seen which program asks, and before any secret is here:
// KeePassXC shows a person the program, and finds it by /proc/PID/exe.
func ServeChild(ctx context.Context, harden func()) error {
	w, err := upward()
	if err != nil {
		return strange(err)
	}
	defer w.Close()
	return serve(ctx, w, harden, func(service string, asking func(int32)) helperStore {
		d := NewDirect(service)
		d.system.onAsking(asking)
		return d
	})
}

func strange(err error) *auth.Error {
	return &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeKeychainHelper,
		What: "the keychain helper was asked nothing that makes sense",
		Do:   "it is for keyfob's own use",
		Err:  err,
	}
}

// helperStore is what the helper puts questions to.
type helperStore interface {
	Store
	Quieter
	connect(ctx context.Context) (lasting bool, err error)
	worn() bool // a new helper would do better
	Close()
}

// server is the helper.
type server struct {
	store helperStore
	out   chan answer
	ready chan struct{} // closed when the keychain was greeted
	lost  bool          // it could not be; read it after ready

	running sync.WaitGroup
	mu      sync.Mutex
	cancels map[uint64]context.CancelFunc // of what is under way
	reads   map[uint64]bool               // which of it changes nothing
}

func serve(ctx context.Context, w wire, harden func(), open func(service string, asking func(int32)) helperStore) error {
	var hello question
	if err := read(w, &hello); err != nil || hello.Op != opHello || hello.Service == "" {
		return strange(err)
	}
	ctx, end := context.WithCancel(ctx)
	s := &server{out: make(chan answer, 16), ready: make(chan struct{}), cancels: map[uint64]context.CancelFunc{}, reads: map[uint64]bool{}}
	written := make(chan struct{})
	go func() { s.write(w, end); close(written) }()
	s.store = open(hello.Service, func(n int32) { s.out <- answer{Asking: n} })
	s.running.Go(func() { s.greet(ctx, hello, harden) })

	err := s.listen(ctx, w)
	s.abandon()
	s.running.Wait()
	s.store.Close()
	end()
	close(s.out)
	<-written
	return err
}

// write sends what the server says. Once nobody listens any more, which is no
// fault of the server's, it says it to nobody.
func (s *server) write(w wire, end func()) {
	var err error
	for a := range s.out {
		if err == nil {
			if err = write(w, a, nil); err != nil {
				end()
			}
		}
	}
}

// greet lets the keychain see who asks.
func (s *server) greet(ctx context.Context, hello question, harden func()) {
	within, cancel := context.WithTimeout(ctx, connectWithin)
	defer cancel()
	lasting, err := s.store.connect(within)
	s.lost = err != nil
	harden()
	close(s.ready)
	s.out <- answer{ID: hello.ID, OK: true, Lasting: lasting}
}

// listen takes questions until there are no more.
func (s *server) listen(ctx context.Context, w wire) error {
	for {
		var q question
		if err := read(w, &q); err != nil {
			return nil // the parent has ended, or wants no more
		}
		files := w.received()
		if q.Op == opCancel {
			s.mu.Lock()
			if cancel := s.cancels[q.ID]; cancel != nil {
				cancel()
			}
			s.mu.Unlock()
			continue
		}
		if q.Within <= 0 || q.ID == 0 {
			return strange(nil)
		}
		// What writes goes on when the parent is gone.
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.Within)
		s.mu.Lock()
		s.cancels[q.ID] = cancel
		s.reads[q.ID] = q.Op == opLoad
		s.mu.Unlock()
		s.running.Go(func() {
			defer cancel()
			s.out <- s.answer(work, q, files)
		})
	}
}

// abandon gives up what nobody waits for any more, and lets what changes
// something come to its end.
func (s *server) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, cancel := range s.cancels {
		if s.reads[id] {
			cancel()
		}
	}
}

func (s *server) answer(ctx context.Context, q question, files []*os.File) answer {
	defer func() {
		for _, f := range files {
			_ = f.Close()
		}
		s.mu.Lock()
		delete(s.cancels, q.ID)
		delete(s.reads, q.ID)
		s.mu.Unlock()
	}()
	select {
	case <-s.ready:
	case <-ctx.Done():
		return answer{ID: q.ID, Error: auth.AsError(ended(ctx.Err()))}
	}
	var store Store = s.store
	if q.Quiet {
		store = s.store.Quiet()
	}
	a := reply(ctx, store, q)
	a.ID, a.Last = q.ID, s.lost || s.store.worn()
	return a
}

func reply(ctx context.Context, s Store, q question) answer {
	var t auth.Tokens
	var b []byte
	var err error
	switch q.Op {
	case opLoad:
		if t, err = s.Load(ctx, q.Tool); err == nil {
			b, err = encode(t)
		}
	case opSave:
		if t, err = decode(q.Tokens); err == nil {
			err = s.Save(ctx, q.Tool, t)
		}
	case opDelete:
		err = s.Delete(ctx, q.Tool)
	default:
		err = &auth.Error{Kind: auth.KindUsage, Code: auth.CodeBadQuestion, What: "the keychain helper does not know what was asked"}
	}
	switch {
	case errors.Is(err, ErrNotFound):
		return answer{Missing: true}
	case err != nil:
		return answer{Error: auth.AsError(err)}
	}
	return answer{OK: true, Tokens: b}
}
