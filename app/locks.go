package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
)

const (
	// lockRetry is how often a lock that another process holds is tried.
	lockRetry = 25 * time.Millisecond
	// lockWait is how long a lock is waited for. Whoever holds it longer hangs,
	// or was stopped, and does not end a script with it.
	lockWait = 30 * time.Second
)

// errBusy is what takeLock gives for a lock that another process holds.
var errBusy = errors.New("another process holds the lock")

// locker gives a process the locks that all processes of a user share, one for
// each session: a file of its own in dir, which is never deleted, so that two
// processes never hold locks on different files of one name.
type locker struct {
	dir string

	mu   sync.Mutex
	held map[string]*lock // by tool
}

func newLocker(dir string) *locker { return &locker{dir: dir, held: map[string]*lock{}} }

// locks returns how the lock of a tool's session is taken.
func locks(dir string) func(ctx context.Context, tool string) (func(), error) {
	return newLocker(dir).take
}

// take waits for the lock of a tool's session and returns its release.
func (l *locker) take(ctx context.Context, tool string) (func(), error) {
	within, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	k, err := waitLock(within, l.dir, "session-"+tool+".lock")
	switch {
	case ctx.Err() != nil:
		return nil, &auth.Error{
			Kind: auth.KindCanceled,
			Code: auth.CodeCanceled,
			What: "cancelled while another keyfob process was busy with this session",
			Who:  auth.WhoYou,
			Err:  ctx.Err(),
		}
	case errors.Is(err, errBusy):
		return nil, &auth.Error{
			Kind: auth.KindTransient,
			Code: auth.CodeLock,
			What: "another keyfob process is busy with this session",
			Do:   "try again, or look for one that hangs",
			Who:  auth.WhoWait,
			Err:  err,
		}
	case err != nil:
		return nil, err
	}
	l.mu.Lock()
	l.held[tool] = k
	l.mu.Unlock()
	return func() {
		l.mu.Lock()
		delete(l.held, tool)
		l.mu.Unlock()
		k.release()
	}, nil
}

// files is what a child process inherits that changes the tool's tokens: the
// lock, which so is not free before the child has ended, even when this process
// is killed meanwhile.
func (l *locker) files(tool string) []*os.File {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k := l.held[tool]; k != nil {
		return k.inheritable()
	}
	return nil
}

// waitLock takes the lock of a file in dir as soon as it is free. The error is
// errBusy when ctx ends before that.
func waitLock(ctx context.Context, dir, file string) (*lock, error) {
	tick := time.NewTicker(lockRetry)
	defer tick.Stop()
	for {
		k, err := takeLock(dir, file)
		if !errors.Is(err, errBusy) {
			return k, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, err
		}
	}
}

// takeLock takes the lock of a file in dir, which it makes for this user alone,
// or refuses if it is another's. Apart from errBusy, what goes wrong is a fault
// that may pass: it says nothing of the session.
func takeLock(dir, file string) (*lock, error) {
	if err := agent.Folder(dir); err != nil {
		e := *auth.AsError(err)
		e.Kind = auth.KindTransient
		return nil, &e
	}
	k, err := openLock(filepath.Join(dir, file))
	if err != nil && !errors.Is(err, errBusy) {
		return nil, &auth.Error{
			Kind: auth.KindTransient,
			Code: auth.CodeLock,
			What: "keyfob's lock in " + dir + " cannot be taken (" + err.Error() + ")",
			Do:   "look at that folder",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return k, err
}
