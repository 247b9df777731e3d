package engine

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"keyfob/auth"
	"keyfob/auth/plainfile"
)

// refreshNote is the note that a refresh with a tool's stored set is under way: a
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
//
// One that an earlier version left elsewhere is read where it is, once.
type refreshNote struct {
	dirs []string // the first that takes it has it; the others are looked into as well
	tool string
}

func (n refreshNote) path(dir string) string { return filepath.Join(dir, "refresh-"+n.tool+".sent") }

// text is what a note says of the set.
func (n refreshNote) text(t auth.Tokens) string {
	return t.Set + " " + t.IssuedAt.UTC().Format(time.RFC3339Nano) + "\n"
}

// of reports whether a note tells of t.
func (n refreshNote) of(t auth.Tokens) bool {
	return slices.ContainsFunc(n.dirs, func(dir string) bool {
		b, err := plainfile.ReadOwn(n.path(dir), maxNote)
		return err == nil && string(b) == n.text(t)
	})
}

// write leaves a note, in a new file: what is found at its place is replaced,
// and a link there is not followed. A disk that takes none costs a few words
// later.
func (n refreshNote) write(t auth.Tokens) {
	n.clear()
	for _, dir := range n.dirs {
		f, err := os.OpenFile(n.path(dir), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			continue
		}
		_, err = f.WriteString(n.text(t))
		if errors.Join(err, f.Close()) == nil {
			return
		}
	}
}

// maxNote is more than a note holds, in bytes.
const maxNote = 4 << 10

// clear removes the note, if there is one.
func (n refreshNote) clear() {
	for _, dir := range n.dirs {
		_ = os.Remove(n.path(dir))
	}
}
