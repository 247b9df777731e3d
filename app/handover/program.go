package handover

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"keyfob/auth"
)

// Settle is how long a file must not have changed before it counts as complete:
// who installs a program may still be writing it.
const Settle = 2 * time.Second

// ErrSame says that the program which runs still stands in its place, or that
// what stands there is not to be started: it is not complete, another user can
// change it, or it was tried in vain.
var ErrSame = errors.New("no other program stands in this one's place")

// Program is the file of the program that runs, as it was when it started.
type Program struct {
	path   string
	was    identity
	settle time.Duration // [Settle]
	within time.Duration // prepareWithin
	again  chan struct{} // of [Program.LookAgain]

	mu     sync.Mutex
	failed identity // of the file that was tried last in vain
}

// identity tells a file from the one that replaces it.
type identity struct {
	info os.FileInfo // nil for none
}

// is reports whether i is the same file as other, with the same content as far
// as its size and time tell.
func (i identity) is(other identity) bool {
	return i.info != nil && other.info != nil && os.SameFile(i.info, other.info) &&
		i.info.Size() == other.info.Size() && i.info.ModTime().Equal(other.info.ModTime())
}

// Running is the program of this process. Its place is where the file stood when
// the process looked first, so call it early.
func Running() (*Program, error) {
	path, info, err := running()
	if err != nil {
		return nil, &auth.Error{
			Kind: auth.KindFailed, Code: auth.CodeHandover,
			What: "keyfob cannot find the file of its own program (" + err.Error() + ")", Err: err,
		}
	}
	return &Program{path: path, was: identity{info}, settle: Settle, within: prepareWithin, again: make(chan struct{}, 1)}, nil
}

// Path is the place of the program, without links.
func (p *Program) Path() string { return p.path }

// Replaced reports whether another program stands in the place of this one that
// may be started: it is complete, no other user can change it, and it was not
// tried in vain.
func (p *Program) Replaced() bool {
	next, _ := p.look()
	return next.info != nil
}

// LookAgain has [Program.Watch] look whether the program was replaced, for where
// the system does not tell. It returns at once.
func (p *Program) LookAgain() {
	select {
	case p.again <- struct{}{}:
	default:
	}
}

// look returns what [Program.Replaced] reports. again says that the file is still
// changing, and has to be looked at once more after [Settle].
func (p *Program) look() (next identity, again bool) {
	info, err := os.Stat(p.path)
	if err != nil {
		return identity{}, false
	}
	now := identity{info}
	p.mu.Lock()
	known := now.is(p.was) || now.is(p.failed)
	p.mu.Unlock()
	switch {
	case known || !info.Mode().IsRegular() || info.Size() == 0:
		return identity{}, false
	case time.Since(changed(info)).Abs() < p.settle:
		return identity{}, true
	case !p.startable(info):
		return identity{}, false
	}
	return now, false
}

// startable reports whether this user may start the file, and nobody else but
// root can have put anything into it.
func (p *Program) startable(info os.FileInfo) bool {
	path, err := filepath.EvalSymlinks(p.path)
	if err != nil || !executable(path) || !p.onlyOurs(info) {
		return false
	}
	folder, err := os.Stat(filepath.Dir(path))
	return err == nil && p.onlyOurs(folder)
}

// tried notes that a file was started in vain.
func (p *Program) tried(i identity) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed = i
}
