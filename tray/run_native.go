//go:build windows || (darwin && cgo)

package tray

import (
	"context"
	"time"

	"fyne.io/systray"
)

// ready bounds how long the desktop may take to accept an icon.
const ready = 15 * time.Second

// Run shows the tray until ctx ends or a person quits, and then returns nil.
// When the desktop takes no icon, it returns an error that wraps [ErrNoTray].
//
// It can run once in a process, and must be called on the main goroutine:
// both systems deliver a menu's events to the main thread only.
func Run(ctx context.Context, cfg Config) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d := newDriver(cfg)
	defer d.readers.Wait()
	defer cancel()
	began, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		defer systray.Quit()
		select {
		case <-began:
		case <-ctx.Done():
			ended <- nil
			return
		case <-time.After(ready):
			ended <- noTray("the desktop takes no tray icon", nil)
			return
		}
		d.show(ctx)
		d.run(ctx, nil)
		ended <- nil
	}()
	systray.Run(func() { close(began) }, nil)
	cancel()
	return <-ended
}
