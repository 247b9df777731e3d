//go:build unix

package handover

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// executable reports whether this user may read and start the file.
func executable(path string) bool { return unix.Access(path, unix.R_OK|unix.X_OK) == nil }

// onlyOurs reports whether nobody can write to a file or a folder who has no power
// over this process: it belongs to root, to this user or to the owner of the
// program that runs, and nobody else may write to it.
func (p *Program) onlyOurs(info os.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || st.Uid != 0 && int(st.Uid) != os.Getuid() && !p.sameOwner(st.Uid) {
		return false
	}
	perm := info.Mode().Perm()
	switch {
	case info.IsDir() && info.Mode()&fs.ModeSticky != 0: // nobody removes what another one put there
		return true
	case perm&0o002 != 0:
		return false
	}
	return perm&0o020 == 0 || st.Gid == st.Uid // a group of the number of its user is that user's own
}

// sameOwner reports whether the program that runs belongs to the user.
func (p *Program) sameOwner(uid uint32) bool {
	st, ok := p.was.info.Sys().(*syscall.Stat_t)
	return ok && st.Uid == uid
}

// beingWritten reports whether a program did not start since somebody has it open
// to write to it.
func beingWritten(err error) bool { return errors.Is(err, syscall.ETXTBSY) }
