//go:build !linux

package process

import "os"

// Harden does nothing here: macOS writes no core files unless it is told to,
// and Windows keeps its reports of crashes to the user.
func Harden(bool) {}

// HideMemory does nothing here.
func HideMemory() {}

// Program is the program that runs.
func Program() string {
	if self, err := os.Executable(); err == nil {
		return self
	}
	return os.Args[0]
}
