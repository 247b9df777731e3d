package start

import (
	"os"
	"strconv"
	"syscall"
)

// starterVariable names the handle of the pipe in the engine's environment: there
// are no numbers that a program could know beforehand.
const starterVariable = "KEYFOB_STARTER"

// starter is the pipe to whoever started this engine, or nil.
func starter() *os.File {
	h, err := strconv.ParseUint(os.Getenv(starterVariable), 10, 64)
	_ = os.Unsetenv(starterVariable)
	if err != nil {
		return nil
	}
	if kind, err := syscall.GetFileType(syscall.Handle(h)); err != nil || kind != syscall.FILE_TYPE_PIPE {
		return nil
	}
	return os.NewFile(uintptr(h), "starter")
}
