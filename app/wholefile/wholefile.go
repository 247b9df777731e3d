// Package wholefile replaces files whole or not at all, for everything that
// Keyfob writes to a disk. It must never change a file in place, and knows
// nothing of what is in one.
package wholefile

import (
	"errors"
	"os"
	"path/filepath"
)

// Write replaces the file at path by data with the permissions mode, or leaves
// it as it is, also when the program or the machine stops midway. A folder that
// is missing is made for this user alone. A link is replaced itself.
func Write(path string, data []byte, mode os.FileMode) error {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+name+"-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	_, err = f.Write(data)
	if err == nil && mode != 0o600 {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	// Without this the rename may be lost with the power, but nothing is torn;
	// not every system can do it.
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}
