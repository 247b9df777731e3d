//go:build !linux

package app

// harden does nothing here: macOS writes no core files unless it is told to,
// and Windows keeps its reports of crashes to the user.
func harden(string) {}
