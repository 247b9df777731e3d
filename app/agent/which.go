package agent

import (
	"io/fs"
	"os"
)

// Mark tells an engine from the one after it. One that made its socket anew counts
// as another.
type Mark struct{ socket fs.FileInfo }

// Is reports whether both marks are one engine's.
func (m *Mark) Is(other *Mark) bool {
	return os.SameFile(m.socket, other.socket) && m.socket.ModTime().Equal(other.socket.ModTime())
}
