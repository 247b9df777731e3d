// Package ledger notes under which names Keyfob has stored something in the
// keychain, since no keychain can be asked for that in a way that works
// everywhere. This is how Keyfob finds and deletes the tokens of a tool that was
// removed from the settings.
//
// The note is a file of names. It must never hold a secret, and nothing must
// depend on it: a note that is lost costs that knowledge and no session.
package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"keyfob/app/wholefile"
	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/plainfile"
)

const (
	version = 1
	maxFile = 1 << 20

	// How long another process's change is waited for, and how often that is tried.
	lockWait  = 10 * time.Second
	lockRetry = 5 * time.Millisecond
)

// Ledger is the note at Path. Without a path nothing is noted.
type Ledger struct {
	Path     string
	Settings string // the settings file in use, as an absolute path; empty for none
	Usual    bool   // it is the one that is used where nobody names one
}

type file struct {
	Version int               `json:"version"`
	Stored  []string          `json:"stored"`         // as [keychain.Store] names them
	From    map[string]string `json:"from,omitempty"` // the settings file that stored a name, where that is known
}

// Names are the names under which something is stored, in their order. A file
// that is missing or damaged says nothing.
func (l Ledger) Names() []string { return l.read().Stored }

func (l Ledger) read() (f file) {
	if l.Path == "" {
		return file{}
	}
	data, err := plainfile.ReadOwn(l.Path, maxFile)
	if err != nil || json.Unmarshal(data, &f) != nil || f.Version != version {
		return file{}
	}
	return f
}

// Elsewhere is the settings file of which tool's entries are, where that is
// another than the one in use, and empty else.
func (l Ledger) Elsewhere(tool string) string { return l.elsewhere(l.read(), tool) }

func (l Ledger) elsewhere(f file, tool string) string {
	for _, name := range f.Stored {
		if id, _, _ := strings.Cut(name, "/"); id == tool && !l.ours(f, name) && origin(f, name) != "" {
			return origin(f, name)
		}
	}
	return ""
}

// ours reports whether an entry belongs to the settings file in use. Of whom
// nobody knows belongs to the usual one.
func (l Ledger) ours(f file, name string) bool {
	from := origin(f, name)
	return from == l.Settings || from == "" && l.Usual
}

// origin is the settings file that stored name, if that is known and the file is
// still there.
func origin(f file, name string) string {
	from := f.From[name]
	if _, err := os.Stat(from); from != "" && errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return from
}

// Orphans are the IDs of the tools of which the settings file in use has stored
// something although owned says that there is no such tool in it, in their order.
// What another settings file has stored is that one's.
func (l Ledger) Orphans(owned func(tool string) bool) (tools []string) {
	f := l.read()
	for _, name := range f.Stored {
		tool, _, _ := strings.Cut(name, "/")
		if !owned(tool) && l.ours(f, name) && l.elsewhere(f, tool) == "" && !slices.Contains(tools, tool) {
			tools = append(tools, tool)
		}
	}
	return tools
}

// save notes that the settings in use store something under name.
func (l Ledger) save(ctx context.Context, name string) error {
	return l.change(ctx, func(f *file) bool {
		added := f.add(name)
		return f.claim(name, l.Settings) || added
	})
}

// found notes that something is stored under name, by the settings in use unless
// others are known to have done so.
func (l Ledger) found(ctx context.Context, name string) error {
	return l.change(ctx, func(f *file) bool {
		added := f.add(name)
		return origin(*f, name) == "" && f.claim(name, l.Settings) || added
	})
}

// remove notes that nothing is.
func (l Ledger) remove(ctx context.Context, name string) error {
	return l.change(ctx, func(f *file) bool {
		if !slices.Contains(f.Stored, name) {
			return false
		}
		f.Stored = slices.DeleteFunc(f.Stored, func(s string) bool { return s == name })
		delete(f.From, name)
		return true
	})
}

// add reports whether name was not noted before.
func (f *file) add(name string) bool {
	if slices.Contains(f.Stored, name) {
		return false
	}
	f.Stored = append(f.Stored, name)
	slices.Sort(f.Stored)
	return true
}

// claim notes whose name is, and reports whether that is news.
func (f *file) claim(name, settings string) bool {
	if settings == "" || f.From[name] == settings {
		return false
	}
	if f.From == nil {
		f.From = map[string]string{}
	}
	f.From[name] = settings
	return true
}

// change changes the note by what edit does to it. edit reports whether it did
// anything, and may be called more than once.
func (l Ledger) change(ctx context.Context, edit func(*file) bool) error {
	if now := l.read(); l.Path == "" || !edit(&now) {
		return nil
	}
	dir := filepath.Dir(l.Path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return cannot(l.Path, err)
	}
	within, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	lock := flock.New(filepath.Join(dir, "."+filepath.Base(l.Path)+".lock"),
		flock.SetFlag(wholefile.LockFlags), flock.SetPermissions(0o600))
	if ok, err := lock.TryLockContext(within, lockRetry); !ok && !errors.Is(err, errors.ErrUnsupported) {
		_ = lock.Close()
		return cannot(l.Path, err)
	}
	defer func() { _ = lock.Unlock() }()
	f := l.read()
	f.Version = version
	edit(&f)
	data, err := json.Marshal(f)
	if err == nil {
		err = wholefile.WriteOwn(ctx, l.Path, append(data, '\n'))
	}
	if err != nil {
		return cannot(l.Path, err)
	}
	return nil
}

func cannot(path string, err error) error {
	why := plainfile.Why(err)
	if errors.Is(err, context.DeadlineExceeded) {
		why = "another program is changing it"
	}
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeLedger, Who: auth.WhoYou, Err: err,
		What: "cannot note in " + path + " what the keychain holds (" + why + ")", Do: "check that folder's permissions and the free space",
	}
}

// Store is a keychain of which is noted what it holds. What cannot be noted is
// stored all the same.
type Store struct {
	keychain.Store
	Ledger Ledger
	Failed func(error) // is told what could not be noted; nil for nobody
}

var (
	_ keychain.Store   = Store{}
	_ keychain.Quieter = Store{}
)

// Quiet implements [keychain.Quieter].
func (s Store) Quiet() keychain.Store {
	s.Store = keychain.Quiet(s.Store)
	return s
}

// Load implements [keychain.Store]. It notes what an older Keyfob has stored.
func (s Store) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	t, err := s.Store.Load(ctx, tool)
	if err == nil || auth.KindOf(err) == auth.KindDamaged {
		s.report(s.Ledger.found(ctx, tool))
	}
	return t, err
}

// Save implements [keychain.Store]. It notes first what is about to be stored,
// so that a crash leaves a name too many and never one too few.
func (s Store) Save(ctx context.Context, tool string, t auth.Tokens) error {
	known := slices.Contains(s.Ledger.Names(), tool)
	s.report(s.Ledger.save(ctx, tool))
	err := s.Store.Save(ctx, tool, t)
	if err != nil && !known && auth.AsError(err).Code == auth.CodeKeychainAbsent {
		s.report(s.Ledger.remove(ctx, tool)) // nothing can be stored where there is no keychain
	}
	return err
}

// Delete implements [keychain.Store].
func (s Store) Delete(ctx context.Context, tool string) error {
	if err := s.Store.Delete(ctx, tool); err != nil {
		return err
	}
	s.report(s.Ledger.remove(ctx, tool))
	return nil
}

func (s Store) report(err error) {
	if err != nil && s.Failed != nil {
		s.Failed(err)
	}
}
