// Package ledger notes under which names Keyfob has stored something in the
// keychain, since no keychain can be asked for that in a way that works
// everywhere. So tokens of a tool that is no longer in the settings are known,
// and can be deleted.
//
// The note is a file of names. It must never hold a secret, and nothing must
// depend on it: a note that is lost costs that knowledge and no session.
package ledger

import (
	"context"
	"encoding/json"
	"errors"
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

	// Another process's change is waited for so long, and looked for so often.
	lockWait  = 10 * time.Second
	lockRetry = 5 * time.Millisecond
)

// Ledger is the note at Path. Without a path nothing is noted.
type Ledger struct{ Path string }

type file struct {
	Version int      `json:"version"`
	Stored  []string `json:"stored"` // as [keychain.Store] names them
}

// Names are the names under which something is stored, in their order. A file
// that is missing or damaged says nothing.
func (l Ledger) Names() []string {
	if l.Path == "" {
		return nil
	}
	var f file
	data, err := plainfile.ReadOwn(l.Path, maxFile)
	if err != nil || json.Unmarshal(data, &f) != nil || f.Version != version {
		return nil
	}
	return f.Stored
}

// Orphans are the IDs of the tools of which something is stored although owned
// says that there is no such tool, in their order.
func (l Ledger) Orphans(owned func(tool string) bool) (tools []string) {
	for _, name := range l.Names() {
		if tool, _, _ := strings.Cut(name, "/"); !owned(tool) && !slices.Contains(tools, tool) {
			tools = append(tools, tool)
		}
	}
	return tools
}

// add notes that something is stored under name.
func (l Ledger) add(ctx context.Context, name string) error {
	return l.change(ctx, name, true)
}

// remove notes that nothing is.
func (l Ledger) remove(ctx context.Context, name string) error {
	return l.change(ctx, name, false)
}

func (l Ledger) change(ctx context.Context, name string, want bool) error {
	if l.Path == "" || slices.Contains(l.Names(), name) == want {
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
	names := slices.DeleteFunc(l.Names(), func(s string) bool { return s == name })
	if want {
		names = append(names, name)
	}
	slices.Sort(names)
	data, err := json.Marshal(file{version, names})
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
		Kind: auth.KindFailed, Code: "ledger", Who: auth.WhoYou, Err: err,
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
		s.told(s.Ledger.add(ctx, tool))
	}
	return t, err
}

// Save implements [keychain.Store]. It notes first what is about to be stored,
// so that a crash leaves a name too many and never one too few.
func (s Store) Save(ctx context.Context, tool string, t auth.Tokens) error {
	known := slices.Contains(s.Ledger.Names(), tool)
	s.told(s.Ledger.add(ctx, tool))
	err := s.Store.Save(ctx, tool, t)
	if err != nil && !known && auth.AsError(err).Code == keychain.CodeAbsent {
		s.told(s.Ledger.remove(ctx, tool)) // nothing can be stored where there is no keychain
	}
	return err
}

// Delete implements [keychain.Store].
func (s Store) Delete(ctx context.Context, tool string) error {
	if err := s.Store.Delete(ctx, tool); err != nil {
		return err
	}
	s.told(s.Ledger.remove(ctx, tool))
	return nil
}

func (s Store) told(err error) {
	if err != nil && s.Failed != nil {
		s.Failed(err)
	}
}
