package engine

import (
	"os"
	"path/filepath"
	"time"

	"keyfob/auth"
	"keyfob/auth/plainfile"
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
	b, err := plainfile.ReadOwn(i.path(), maxNote)
	return err == nil && string(b) == i.name(t)
}

// write leaves a note, in a new file: what is found at its place is replaced,
// and a link there is not followed. A disk that takes none costs a few words
// later.
func (i intent) write(t auth.Tokens) {
	i.clear()
	if i.dir == "" {
		return
	}
	f, err := os.OpenFile(i.path(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return
	}
	_, _ = f.WriteString(i.name(t))
	_ = f.Close()
}

// maxNote is more than a note holds, in bytes.
const maxNote = 4 << 10

// clear removes the note, if there is one.
func (i intent) clear() {
	if i.dir != "" {
		_ = os.Remove(i.path())
	}
}
