//go:build unix

package agent

import (
	"os"

	"keyfob/app/agent/internal/wire"
)

// Which is the mark of the engine whose folder is dir; nil where there is none.
func Which(dir string) *Mark {
	path, err := wire.SocketPath(dir)
	if err != nil {
		return nil
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil
	}
	return &Mark{info}
}
