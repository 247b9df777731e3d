package presence

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Messages to a window, and what is in them.
const (
	msgDestroy = 0x0002
	msgClose   = 0x0010
	msgPower   = 0x0218 // WM_POWERBROADCAST
	msgSession = 0x02b1 // WM_WTSSESSION_CHANGE
	resumed    = 0x0012 // PBT_APMRESUMEAUTOMATIC: at every end of a sleep
	locked     = 7      // WTS_SESSION_LOCK
	unlocked   = 8      // WTS_SESSION_UNLOCK
	thisOne    = 0      // NOTIFY_FOR_THIS_SESSION
)

// watch has a window that is never shown, which Windows tells. Where it gets
// none, nothing counts as locked.
func watch(ctx context.Context, out chan<- State) {
	l := &listener{changed: make(chan struct{}, 1)}
	window, ended := l.start()
	var told State
	for first := true; ; {
		now := l.state()
		tell := out
		if now == told && !first {
			tell = nil
		}
		select {
		case tell <- now:
			told, first = now, false
		case <-l.changed:
		case <-ctx.Done():
			if window != 0 {
				_, _, _ = l.api.post.Call(window, msgClose, 0, 0)
			}
			<-ended
			return
		}
	}
}

// listener is what the window has been told.
type listener struct {
	api     api
	changed chan struct{} // holds a value after a change

	mu  sync.Mutex
	now State
}

func (l *listener) state() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *listener) change(f func(*State)) {
	l.mu.Lock()
	f(&l.now)
	l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// api are the functions of user32 and wtsapi32 that are used.
type api struct {
	register, unregister, create, normal, next, dispatch, post, quit *windows.LazyProc
	hear, ignore                                                     *windows.LazyProc
}

func load() api {
	u, w := windows.NewLazySystemDLL("user32.dll"), windows.NewLazySystemDLL("wtsapi32.dll")
	return api{
		register: u.NewProc("RegisterClassExW"), unregister: u.NewProc("UnregisterClassW"),
		create: u.NewProc("CreateWindowExW"), normal: u.NewProc("DefWindowProcW"),
		next: u.NewProc("GetMessageW"), dispatch: u.NewProc("DispatchMessageW"),
		post: u.NewProc("PostMessageW"), quit: u.NewProc("PostQuitMessage"),
		hear: w.NewProc("WTSRegisterSessionNotification"), ignore: w.NewProc("WTSUnRegisterSessionNotification"),
	}
}

// start opens the window, on a thread of its own, to which windows belong. It
// returns 0 for none. ended is closed when the window is.
func (l *listener) start() (window uintptr, ended <-chan struct{}) {
	l.api = load()
	opened, done := make(chan uintptr, 1), make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		l.serve(opened)
	}()
	return <-opened, done
}

// class is WNDCLASSEXW.
type class struct {
	size, style                        uint32
	proc                               uintptr
	extra, windowExtra                 int32
	instance, icon, cursor, background windows.Handle
	menu, name                         *uint16
	smallIcon                          windows.Handle
}

// message is MSG.
type message struct {
	window         windows.HWND
	kind           uint32
	wParam, lParam uintptr
	time           uint32
	x, y           int32
	private        uint32
}

func (l *listener) serve(opened chan<- uintptr) {
	fail := func() { opened <- 0 }
	// A name of its own: the class belongs to this call's procedure.
	name, err := windows.UTF16PtrFromString(fmt.Sprintf("KeyfobPresence-%p", l))
	if err != nil {
		fail()
		return
	}
	c := class{proc: windows.NewCallback(l.procedure), name: name}
	c.size = uint32(unsafe.Sizeof(c))
	if ok, _, _ := l.api.register.Call(uintptr(unsafe.Pointer(&c))); ok == 0 {
		fail()
		return
	}
	defer func() { _, _, _ = l.api.unregister.Call(uintptr(unsafe.Pointer(name)), 0) }()
	// No message-only window: those are not told of sleep.
	window, _, _ := l.api.create.Call(0, uintptr(unsafe.Pointer(name)), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if window == 0 {
		fail()
		return
	}
	_, _, _ = l.api.hear.Call(window, thisOne)
	opened <- window
	var m message
	for {
		more, _, _ := l.api.next.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)
		if int32(more) <= 0 {
			return
		}
		_, _, _ = l.api.dispatch.Call(uintptr(unsafe.Pointer(&m)))
	}
}

// procedure takes the window's messages.
func (l *listener) procedure(window windows.HWND, kind uint32, wParam, lParam uintptr) uintptr {
	switch {
	case kind == msgSession && wParam == locked:
		l.change(func(s *State) { s.Locked = true })
	case kind == msgSession && wParam == unlocked:
		l.change(func(s *State) { s.Locked = false })
	case kind == msgPower && wParam == resumed:
		l.change(func(s *State) { s.Wakes++ })
		return 1
	case kind == msgDestroy:
		_, _, _ = l.api.ignore.Call(uintptr(window))
		_, _, _ = l.api.quit.Call(0)
	default:
		result, _, _ := l.api.normal.Call(uintptr(window), uintptr(kind), wParam, lParam)
		return result
	}
	return 0
}
