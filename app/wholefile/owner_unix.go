//go:build unix

package wholefile

import (
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// LockFlags are those with which a lock's file is opened: what somebody has put
// in its place is neither followed nor waited for.
const LockFlags = os.O_CREATE | os.O_RDWR | syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// busy reports whether another program is in the way: never here, where a file
// that is open can be replaced.
func busy(error) bool { return false }

// inherit gives f the owner, group and permissions of the file that it is to
// replace, or else of a new file in dir.
func inherit(f *os.File, dir string, old fs.FileInfo, mode fs.FileMode) error {
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	like := old
	if like == nil {
		if like, err = os.Stat(dir); err != nil {
			return err
		}
	}
	uid, gid := ids(like)
	if old == nil {
		_, gid = ids(mine) // as the folder has it for new files
	}
	myUID, myGID := ids(mine)
	switch {
	case uid == myUID:
	case os.Geteuid() == 0:
		if old == nil {
			_, gid = ids(like)
		}
		if err := f.Chown(uid, gid); err != nil {
			return err
		}
		myGID = gid
	case old != nil:
		return &OwnerError{Path: f.Name(), User: userName(uid)}
	}
	if gid != myGID && f.Chown(-1, gid) != nil {
		// A group that this user is not in: no other one gets what it had.
		mode &= mode&0o7<<3 | 0o707
	}
	if mode.Perm() != mine.Mode().Perm() {
		return f.Chmod(mode)
	}
	return nil
}

// Give makes a file that root has made in dir belong to the folder's owner, who
// has to be able to use it.
func Give(path, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	of, err := os.Stat(dir)
	if err != nil {
		return err
	}
	uid, gid := ids(of)
	if uid == 0 {
		return nil
	}
	return os.Lchown(path, uid, gid)
}

func ids(info fs.FileInfo) (uid, gid int) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(st.Uid), int(st.Gid)
	}
	return os.Geteuid(), os.Getegid()
}

// userName names a user. Names are not looked up, which may ask the network.
func userName(uid int) string {
	if uid == 0 {
		return "root"
	}
	return "user " + strconv.Itoa(uid)
}
