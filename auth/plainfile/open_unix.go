//go:build unix

package plainfile

import (
	"os"

	"golang.org/x/sys/unix"
)

// open opens for reading without waiting for the other end of a pipe, and
// without making a terminal this program's own.
func open(path string, noLink bool) (*os.File, error) {
	flags := os.O_RDONLY | unix.O_NONBLOCK | unix.O_NOCTTY
	if noLink {
		flags |= unix.O_NOFOLLOW
	}
	return os.OpenFile(path, flags, 0)
}
