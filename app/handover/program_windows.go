package handover

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// executable is decided by the name.
func executable(string) bool { return true }

// onlyOurs cannot be told by a file's mode here. A program lies in the user's own
// profile or where only administrators write.
func (p *Program) onlyOurs(os.FileInfo) bool { return true }

// beingWritten reports whether a program did not start since somebody has it open
// to write to it.
func beingWritten(err error) bool { return errors.Is(err, windows.ERROR_SHARING_VIOLATION) }
