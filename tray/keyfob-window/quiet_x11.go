//go:build cgo && linux

package main

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb/xproto"

	"keyfob/tray/internal/xdial"
)

// xPatience bounds the wait for the X server to take a connection.
const xPatience = 5 * time.Second

// keepUnfocused asks the window manager not to focus win when it is mapped: a
// user time of 0 says just that (Extended Window Manager Hints 1.5,
// _NET_WM_USER_TIME). It reports whether there was an X window to say it of.
// Failing to say it leaves the choice to the window manager.
func keepUnfocused(win fyne.Window) bool {
	var id xproto.Window
	if native, ok := win.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			if x, ok := context.(driver.X11WindowContext); ok {
				id = xproto.Window(x.WindowHandle)
			}
		})
	}
	if id == 0 {
		return false
	}
	within, cancel := context.WithTimeout(context.Background(), xPatience)
	defer cancel()
	x, err := xdial.Dial(within)
	if err != nil {
		return true
	}
	defer x.Close()
	const name = "_NET_WM_USER_TIME"
	atom, err := xproto.InternAtom(x.Conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return true
	}
	// The check waits until the server has it, ahead of the mapping.
	_ = xproto.ChangePropertyChecked(x.Conn, xproto.PropModeReplace, id, atom.Atom, xproto.AtomCardinal, 32, 1, make([]byte, 4)).Check()
	return true
}
