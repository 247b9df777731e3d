package clipboard

import (
	"context"
	"encoding/binary"
	"errors"
	"runtime"
	"time"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"

	"keyfob/auth"
)

// The formats beside the text ask Windows and others to keep it out of
// histories and off other machines ("Cloud Clipboard and Clipboard History
// Formats" in Microsoft's documentation).
const (
	formatExclude = "ExcludeClipboardContentFromMonitorProcessing" // any value
	formatHistory = "CanIncludeInClipboardHistory"                 // 0: no
	formatCloud   = "CanUploadToCloudClipboard"                    // 0: no
)

const (
	unicodeText = 13                    // CF_UNICODETEXT
	moveable    = 0x2                   // GMEM_MOVEABLE, which the clipboard asks for
	messageOnly = ^uintptr(2)           // HWND_MESSAGE, -3
	retry       = 10 * time.Millisecond // while another program has the clipboard open
	staticClass = "STATIC"              // a window class that is always there
)

// api are the functions of user32 and kernel32 that are used.
type api struct {
	open, closeIt, empty, set, register, sequence, create, destroy *windows.LazyProc
	alloc, free, lock, unlock, move                                *windows.LazyProc
}

func load() api {
	u, k := windows.NewLazySystemDLL("user32.dll"), windows.NewLazySystemDLL("kernel32.dll")
	return api{
		open: u.NewProc("OpenClipboard"), closeIt: u.NewProc("CloseClipboard"), empty: u.NewProc("EmptyClipboard"),
		set: u.NewProc("SetClipboardData"), register: u.NewProc("RegisterClipboardFormatW"),
		sequence: u.NewProc("GetClipboardSequenceNumber"),
		create:   u.NewProc("CreateWindowExW"), destroy: u.NewProc("DestroyWindow"),
		alloc: k.NewProc("GlobalAlloc"), free: k.NewProc("GlobalFree"),
		lock: k.NewProc("GlobalLock"), unlock: k.NewProc("GlobalUnlock"), move: k.NewProc("RtlMoveMemory"),
	}
}

// winHolder is a text that Windows holds: it stays when this process ends.
type winHolder struct {
	api      api
	sequence uintptr // the clipboard's number while it is ours
}

func put(ctx context.Context, text auth.Secret, public bool) (holder, error) {
	h := &winHolder{api: load()}
	err := h.api.with(ctx, func() error {
		if ok, _, err := h.api.empty.Call(); ok == 0 {
			return err
		}
		var marks []string
		if !public {
			marks = []string{formatExclude, formatHistory, formatCloud}
		}
		// First what keeps it out of histories: they look as soon as they can.
		for _, f := range marks {
			if err := h.api.setNamed(f, make([]byte, 4)); err != nil {
				return err
			}
		}
		units := append(utf16.Encode([]rune(text.Reveal())), 0)
		data := make([]byte, 0, 2*len(units))
		for _, u := range units {
			data = binary.LittleEndian.AppendUint16(data, u)
		}
		return h.api.setData(unicodeText, data)
	})
	if err != nil {
		return nil, unavailable("Windows does not give the clipboard", "try again, or use `keyfob token`", err)
	}
	h.sequence = h.api.number()
	return h, nil
}

// with runs f with the clipboard open, by a window of its own: without one,
// emptying the clipboard leaves it without an owner. All of it happens on one
// thread, to which windows belong.
func (a api) with(ctx context.Context, f func() error) (err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	class, err := windows.UTF16PtrFromString(staticClass)
	if err != nil {
		return err
	}
	window, _, callErr := a.create.Call(0, uintptr(unsafe.Pointer(class)), 0, 0, 0, 0, 0, 0, messageOnly, 0, 0, 0)
	if window == 0 {
		return callErr
	}
	defer func() { _, _, _ = a.destroy.Call(window) }()
	for {
		ok, _, callErr := a.open.Call(window)
		if ok != 0 {
			break
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), callErr)
		case <-time.After(retry):
		}
	}
	defer func() { _, _, _ = a.closeIt.Call() }()
	return f()
}

func (a api) setNamed(format string, data []byte) error {
	name, err := windows.UTF16PtrFromString(format)
	if err != nil {
		return err
	}
	id, _, callErr := a.register.Call(uintptr(unsafe.Pointer(name)))
	if id == 0 {
		return callErr
	}
	return a.setData(id, data)
}

// setData hands data over to the clipboard, which then owns the memory.
func (a api) setData(format uintptr, data []byte) error {
	handle, _, err := a.alloc.Call(moveable, uintptr(len(data)))
	if handle == 0 {
		return err
	}
	to, _, err := a.lock.Call(handle)
	if to == 0 {
		_, _, _ = a.free.Call(handle)
		return err
	}
	_, _, _ = a.move.Call(to, uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)))
	_, _, _ = a.unlock.Call(handle)
	if ok, _, err := a.set.Call(format, handle); ok == 0 {
		_, _, _ = a.free.Call(handle)
		return err
	}
	return nil
}

// number changes whenever the clipboard does.
func (a api) number() uintptr {
	n, _, _ := a.sequence.Call()
	return n
}

func (h *winHolder) owned() bool { return h.api.number() == h.sequence }

func (h *winHolder) clear(ctx context.Context) error {
	if !h.owned() {
		return nil
	}
	err := h.api.with(ctx, func() error {
		if !h.owned() { // nobody can change it from here on
			return nil
		}
		if ok, _, err := h.api.empty.Call(); ok == 0 {
			return err
		}
		return nil
	})
	if err != nil {
		return unavailable("Windows does not give the clipboard", "copy something else", err)
	}
	return nil
}

func (h *winHolder) drop() {}

func (h *winHolder) leave(context.Context) {}
