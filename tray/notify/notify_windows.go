package notify

import (
	"context"
	"sync"
	"unsafe"

	"keyfob/auth"

	"golang.org/x/sys/windows"
)

// The icon in the taskbar is fyne.io/systray's, which names its window and its
// icon so.
const (
	iconClass = "SystrayClass"
	iconID    = 100
)

// Of Shell_NotifyIcon and its structure.
const (
	modify     = 1    // NIM_MODIFY
	balloon    = 0x10 // NIF_INFO
	info       = 1    // NIIF_INFO
	warning    = 2    // NIIF_WARNING
	quietHours = 0x80 // NIIF_RESPECT_QUIET_TIME
)

// Room for text, in UTF-16 units with the zero at the end.
const (
	titleRoom = 64
	bodyRoom  = 256
)

// iconData is NOTIFYICONDATAW.
type iconData struct {
	size               uint32
	window             windows.HWND
	id, flags, message uint32
	icon               windows.Handle
	tip                [128]uint16
	state, mask        uint32
	body               [bodyRoom]uint16
	version            uint32
	title              [titleRoom]uint16
	kind               uint32
	guid               windows.GUID
	balloonIcon        windows.Handle
}

// Notifier shows notifications beside the icon in the taskbar, which Windows
// 10 and 11 draw as a toast. There is one at a time, and without buttons:
// those are for programs that an installer registered. It is safe for use by
// several goroutines.
type Notifier struct {
	find, owner, notify *windows.LazyProc

	mu    sync.Mutex
	shown string // the key of the last one
}

// Open never fails; [Notifier.Show] does where there is no icon.
func Open(context.Context) (*Notifier, error) {
	user, shell := windows.NewLazySystemDLL("user32.dll"), windows.NewLazySystemDLL("shell32.dll")
	return &Notifier{
		find: user.NewProc("FindWindowExW"), owner: user.NewProc("GetWindowThreadProcessId"),
		notify: shell.NewProc("Shell_NotifyIconW"),
	}, nil
}

// Show puts note on the screen, in place of what was there. The error wraps
// [ErrUnavailable] when nothing can be shown.
func (n *Notifier) Show(_ context.Context, key string, note Note) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	d := iconData{flags: balloon, kind: info | quietHours}
	if note.Urgent {
		d.kind = warning
	}
	body := lines(note.Body, maxBody)
	if body == "" {
		body = " " // an empty one takes away what is shown
	}
	copy(d.title[:], units(auth.Line(note.Title, maxTitle), titleRoom-1))
	copy(d.body[:], units(body, bodyRoom-1))
	if err := n.change(&d); err != nil {
		return err
	}
	n.shown = key
	return nil
}

// Dismiss takes away what key shows, if that was shown last.
func (n *Notifier) Dismiss(_ context.Context, key string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.shown != key {
		return nil
	}
	n.shown = ""
	return n.change(&iconData{flags: balloon})
}

// Showing reports whether key's notification was shown last. Nobody tells when
// a person closes it.
func (n *Notifier) Showing(key string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.shown == key
}

// Shown returns nothing: what is shown goes by itself.
func (*Notifier) Shown() Shown { return Shown{} }

// Withdraw does nothing.
func (*Notifier) Withdraw(context.Context, Shown) error { return nil }

// Events returns a channel on which nothing ever comes.
func (*Notifier) Events() <-chan Event { return nil }

// Close does nothing: what is shown goes with the icon.
func (*Notifier) Close() error { return nil }

// change changes the icon of this process.
func (n *Notifier) change(d *iconData) error {
	class, err := windows.UTF16PtrFromString(iconClass)
	if err != nil {
		return err
	}
	for {
		next, _, _ := n.find.Call(0, uintptr(d.window), uintptr(unsafe.Pointer(class)), 0)
		if next == 0 {
			return unavailable(
				"no_notifications", "there is no icon in the taskbar to show a notification at", "look at `keyfob status`", nil,
			)
		}
		d.window = windows.HWND(next)
		var process uint32
		_, _, _ = n.owner.Call(next, uintptr(unsafe.Pointer(&process)))
		if process == windows.GetCurrentProcessId() {
			break
		}
	}
	d.size, d.id = uint32(unsafe.Sizeof(*d)), iconID
	if ok, _, err := n.notify.Call(modify, uintptr(unsafe.Pointer(d))); ok == 0 {
		return unavailable("no_notifications", "Windows shows no notification", "look at the tray icon or at `keyfob status`", err)
	}
	return nil
}
