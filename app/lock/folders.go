package lock

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"keyfob/app/ownfolder"
)

// Folders are where the locks are of what all processes of a user share, whatever
// their runtime folders: the sessions, and the question for the keychain's
// password.
type Folders struct {
	State   string // where they are; empty for none
	Runtime string // where they are while no file can be locked in State
	// Earlier are folders beside Runtime where earlier versions had them. One
	// that such a version has left is taken as well, since that may still run.
	// None is made there.
	Earlier []string
}

// Shared is a lock in each folder where somebody may look for it.
type Shared struct {
	dir   string
	locks []*Lock
}

// Dir is where the lock is, and what belongs beside it.
func (s *Shared) Dir() string { return s.dir }

// Release frees the lock, whoever has inherited it.
func (s *Shared) Release() {
	for _, l := range slices.Backward(s.locks) {
		_ = l.Release()
	}
}

// Wait takes the lock of a file, as [Wait] does. A folder for programs' data that
// cannot be used (it is root's, on a full disk, or on one that has no locks) costs
// what it adds: engines with different runtime folders no longer wait for each
// other there.
func (f Folders) Wait(ctx context.Context, file string) (*Shared, error) {
	return wait(ctx, func() (*Shared, error) { return f.try(file) })
}

func (f Folders) try(file string) (*Shared, error) {
	dir := f.State
	first, err := (*Lock)(nil), errors.ErrUnsupported
	if dir != "" {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			dir = real // a person may keep it elsewhere; what a runtime folder leads to is somebody else's
		}
		first, err = Try(dir, file)
	}
	if err != nil && !errors.Is(err, ErrBusy) && f.Runtime != "" {
		dir = f.Runtime
		first, err = Try(dir, file)
	}
	if err != nil {
		return nil, err
	}
	s := &Shared{dir, []*Lock{first}}
	for _, old := range f.all() {
		if old == dir || old == f.State {
			continue
		}
		l, err := left(old, file)
		if errors.Is(err, ErrBusy) {
			s.Release()
			return nil, err
		}
		if l != nil {
			s.locks = append(s.locks, l)
		}
	}
	return s, nil
}

// all are the folders, each once, the one that counts first.
func (f Folders) all() []string {
	var all []string
	for _, dir := range append([]string{f.State, f.Runtime}, f.Earlier...) {
		if dir != "" && !slices.Contains(all, dir) {
			all = append(all, dir)
		}
	}
	return all
}

// Notes are the folders for what is kept beside locks: the first that takes it has
// it, and the others may have some that an earlier version left.
func (f Folders) Notes() []string {
	return slices.DeleteFunc(f.all(), func(dir string) bool {
		return dir != f.State && dir != f.Runtime && ownfolder.Check(dir) != nil
	})
}

// left takes a lock that an earlier version has left in dir. It is nil where there
// is none, and where it cannot be one: nobody's work is worth more than this one's.
func left(dir, file string) (*Lock, error) {
	path := filepath.Join(dir, file)
	if _, err := os.Lstat(path); err != nil || ownfolder.Check(dir) != nil {
		return nil, nil
	}
	l, err := Open(path)
	if err != nil && !errors.Is(err, ErrBusy) {
		return nil, nil
	}
	return l, err
}
