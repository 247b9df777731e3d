package process

import (
	"os"
	"syscall"
)

// Console is where this program reads and writes that was started in a console. It
// has none of its own, since no window of one must appear with the tray; the thin
// command, or the shell, has one that it can join.
func Console() (in, out, err *os.File) {
	const ofParent = ^uintptr(0) // ATTACH_PARENT_PROCESS
	_, _, _ = syscall.NewLazyDLL("kernel32.dll").NewProc("AttachConsole").Call(ofParent)
	return given(os.Stdin, "CONIN$"), given(os.Stdout, "CONOUT$"), given(os.Stderr, "CONOUT$")
}

// given is the file that this program was started with, or else the console's.
func given(f *os.File, console string) *os.File {
	if _, err := syscall.GetFileType(syscall.Handle(f.Fd())); err == nil {
		return f
	}
	if c, err := os.OpenFile(console, os.O_RDWR, 0); err == nil {
		return c
	}
	return f
}
