package lock

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"keyfob/auth"
)

// sessionWait is how long the lock of a session is waited for. Whoever holds it
// longer hangs, or was stopped, and does not end a script with it.
const sessionWait = 30 * time.Second

// Sessions gives a process the locks of the tools' sessions, which only one
// process at a time may change.
type Sessions struct {
	folders Folders

	mu   sync.Mutex
	held map[string]*Shared // by tool
}

// NewSessions takes the locks in these folders.
func NewSessions(f Folders) *Sessions { return &Sessions{folders: f, held: map[string]*Shared{}} }

// Take waits for the lock of a tool's session and returns its release. Its
// errors are [*auth.Error]s: of KindCanceled when ctx ends, else of
// KindTransient, as after 30 seconds.
func (s *Sessions) Take(ctx context.Context, tool string) (release func(), err error) {
	within, cancel := context.WithTimeout(ctx, sessionWait)
	defer cancel()
	l, err := s.folders.Wait(within, "session-"+tool+".lock")
	switch {
	case ctx.Err() != nil:
		return nil, &auth.Error{
			Kind: auth.KindCanceled,
			Code: auth.CodeCanceled,
			What: "cancelled while another keyfob process was busy with this session",
			Who:  auth.WhoYou,
			Err:  ctx.Err(),
		}
	case errors.Is(err, ErrBusy):
		return nil, &auth.Error{
			Kind: auth.KindTransient,
			Code: auth.CodeLock,
			What: "another keyfob process is busy with this session",
			Do:   "try again, or look for one that hangs",
			Who:  auth.WhoWait,
			Err:  ErrBusy,
		}
	case err != nil:
		return nil, err
	}
	s.mu.Lock()
	s.held[tool] = l
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		delete(s.held, tool)
		s.mu.Unlock()
		l.Release()
	}, nil
}

// Files is what a child process inherits that changes the tool's tokens: the
// lock, which so is not free before the child has ended, even when this process
// is killed meanwhile.
func (s *Sessions) Files(tool string) (all []*os.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.held[tool]; h != nil {
		for _, l := range h.locks {
			all = append(all, l.inheritable()...)
		}
	}
	return all
}
