//go:build !windows

package process

import "os"

// Console is where this program reads and writes.
func Console() (in, out, err *os.File) { return os.Stdin, os.Stdout, os.Stderr }
