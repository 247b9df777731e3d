package handover

import (
	"os"
	"strings"
	"syscall"
	"time"
)

// self is this process's program, whatever has become of its file.
const self = "/proc/self/exe"

// running finds the program of this process and its place. The kernel puts a word
// behind the name of a file that was replaced meanwhile.
func running() (path string, info os.FileInfo, err error) {
	const deleted = " (deleted)"
	if path, err = os.Readlink(self); err != nil {
		return "", nil, err
	}
	if info, err = os.Stat(self); err != nil {
		return "", nil, err
	}
	if there, err := os.Stat(path); err != nil || !os.SameFile(there, info) {
		path = strings.TrimSuffix(path, deleted)
	}
	return path, info, nil
}

// changed is when the file or anything about it last changed. Who installs a
// program may set its other time to what he likes.
func changed(info os.FileInfo) time.Time {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(st.Ctim.Unix())
	}
	return info.ModTime()
}
