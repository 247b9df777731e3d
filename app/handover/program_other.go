//go:build !linux

package handover

import (
	"os"
	"path/filepath"
	"time"
)

// running finds the program of this process and its place.
func running() (path string, info os.FileInfo, err error) {
	if path, err = os.Executable(); err != nil {
		return "", nil, err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", nil, err
	}
	info, err = os.Stat(path)
	return path, info, err
}

// changed is when the file last changed.
func changed(info os.FileInfo) time.Time { return info.ModTime() }
