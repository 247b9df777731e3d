//go:build !linux

package app

import "os"

// harden does nothing here: macOS writes no core files unless it is told to,
// and Windows keeps its reports of crashes to the user.
func harden(bool) {}

func unreadable() {}

// ownProgram is the program that runs.
func ownProgram() string {
	if self, err := os.Executable(); err == nil {
		return self
	}
	return os.Args[0]
}
