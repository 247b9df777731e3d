//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"

	"keyfob/app/start"
)

// handOver becomes the whole program, which is given the same command line. It
// returns only where that cannot be.
func handOver(args []string) (int, error) {
	path, err := start.Beside()
	if err != nil {
		return 0, err
	}
	for {
		err = syscall.Exec(path, append([]string{path}, args...), os.Environ())
		if !errors.Is(err, syscall.EINTR) {
			return 0, cannotRun(path, err)
		}
	}
}
