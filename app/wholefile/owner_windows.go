package wholefile

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// LockFlags are those with which a lock's file is opened.
const LockFlags = os.O_CREATE | os.O_RDWR

// busy reports whether another program is in the way. Windows says "access
// denied" too where the file that is to be replaced is open.
func busy(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) ||
		errors.Is(err, windows.ERROR_ACCESS_DENIED)
}

// inherit leaves it to the folder who may do what with a file, as everything on
// Windows does.
func inherit(*os.File, string, fs.FileInfo, fs.FileMode) error { return nil }

// Give has nothing to do here.
func Give(path, dir string) error { return nil }
