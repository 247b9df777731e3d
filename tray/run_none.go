//go:build darwin && !cgo

package tray

import "context"

// Run returns an error that wraps [ErrNoTray]: a menu bar needs cgo.
func Run(context.Context, Config) error {
	return noTray("this keyfob was built without cgo and has no menu bar", nil)
}
