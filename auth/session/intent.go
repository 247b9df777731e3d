package session

import (
	"os"
	"path/filepath"
	"time"

	"keyfob/auth"
)

// intent is the note that a refresh with a tool's stored set is under way: a
// small file beside the lock, written under it before the request goes out and
// removed when the answer is stored. One that is still there when the lock is
// free tells of an answer that never arrived, because the process was killed
// or the network failed.
//
// The note decides nothing: the old refresh token is all that is left then,
// and it is tried whether or not there is a note. But where the provider
// refuses it, the note tells the person why, and that nobody stole anything.
// It holds no secret, and may be lost at any time, as when the machine
// restarts.
type intent struct{ dir, tool string }

func (i intent) path() string { return filepath.Join(i.dir, "refresh-"+i.tool+".sent") }

// name is what a note says of the set.
func (i intent) name(t auth.Tokens) string {
	return t.Set + " " + t.IssuedAt.UTC().Format(time.RFC3339Nano) + "\n"
}

// of reports whether a note tells of t.
func (i intent) of(t auth.Tokens) bool {
	if i.dir == "" {
		return false
	}
	b, err := os.ReadFile(i.path())
	return err == nil && string(b) == i.name(t)
}

// write leaves a note. A disk that takes none costs a few words later.
func (i intent) write(t auth.Tokens) {
	if i.dir != "" {
		_ = os.WriteFile(i.path(), []byte(i.name(t)), 0o600)
	}
}

// clear removes the note, if there is one.
func (i intent) clear() {
	if i.dir != "" {
		_ = os.Remove(i.path())
	}
}
