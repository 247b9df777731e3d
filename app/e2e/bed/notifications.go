//go:build linux

package bed

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/godbus/dbus/v5"
)

const (
	notesName = "org.freedesktop.Notifications"
	notesPath = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// clicked is the key of a click on the notification itself.
const clicked = "default"

// Reasons of a notification's end, as its sender is told.
const (
	closedByPerson  = uint32(2)
	closedByProgram = uint32(3)
)

// Notes is the bed's own notification server. It keeps what it was shown and
// presses buttons.
type Notes struct {
	b *Bed

	mu   sync.Mutex
	last uint32
	all  []Note
	hung chan struct{} // calls wait for it, unless nil
}

// Note is a notification.
type Note struct {
	ID      uint32
	App     string
	Icon    string
	Summary string
	Body    string
	Actions []string // key and label in turn
	Hints   map[string]dbus.Variant
	Timeout int32 // milliseconds; 0 never, -1 as the server likes
	Open    bool  // still on the screen
}

// Key is the key of the button with this label.
func (n Note) Key(label string) (key string, ok bool) {
	for i := 0; i+1 < len(n.Actions); i += 2 {
		if n.Actions[i+1] == label && n.Actions[i] != clicked {
			return n.Actions[i], true
		}
	}
	return "", false
}

func newNotes(b *Bed) *Notes {
	b.t.Helper()
	n := &Notes{b: b}
	if err := b.Bus.Export(noteServer{n}, notesPath, notesName); err != nil {
		b.t.Fatal(err)
	}
	b.own(notesName)
	return n
}

// All is every notification so far, the oldest first. One that replaced
// another stands in its place.
func (n *Notes) All() []Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.all)
}

// WaitOpen waits for a notification on the screen of which good is true.
func (n *Notes) WaitOpen(what string, good func(Note) bool) Note {
	n.b.t.Helper()
	var found Note
	n.b.Wait("a notification: "+what, func() bool {
		for _, note := range n.All() {
			if note.Open && good(note) {
				found = note
				return true
			}
		}
		return false
	})
	return found
}

// WaitClosed waits until the notification is off the screen.
func (n *Notes) WaitClosed(id uint32) {
	n.b.t.Helper()
	n.b.Wait(fmt.Sprintf("the end of notification %d", id), func() bool {
		return !slices.ContainsFunc(n.All(), func(note Note) bool { return note.ID == id && note.Open })
	})
}

// Press presses the button with this label, which closes the notification.
func (n *Notes) Press(note Note, label string) {
	n.b.t.Helper()
	key, ok := note.Key(label)
	if !ok {
		n.b.t.Fatalf("the notification %q has no button %q, but %q", note.Summary, label, note.Actions)
	}
	n.emit("ActionInvoked", note.ID, key)
	n.close(note.ID, closedByPerson)
}

// Click clicks on the notification beside its buttons, which closes it.
func (n *Notes) Click(note Note) {
	n.b.t.Helper()
	for i := 0; i+1 < len(note.Actions); i += 2 {
		if note.Actions[i] == clicked {
			n.emit("ActionInvoked", note.ID, clicked)
			n.close(note.ID, closedByPerson)
			return
		}
	}
	n.b.t.Fatalf("a click on the notification %q does nothing", note.Summary)
}

// Hang lets programs wait for their answers until the returned function is
// called, as a server does that is stuck.
func (n *Notes) Hang() (goOn func()) {
	hung := make(chan struct{})
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hung = hung
	return sync.OnceFunc(func() {
		n.mu.Lock()
		n.hung = nil
		n.mu.Unlock()
		close(hung)
	})
}

// wait is where each call waits.
func (n *Notes) wait() {
	n.mu.Lock()
	hung := n.hung
	n.mu.Unlock()
	if hung != nil {
		<-hung
	}
}

// Dismiss closes the notification as a person does.
func (n *Notes) Dismiss(note Note) {
	n.b.t.Helper()
	n.close(note.ID, closedByPerson)
}

func (n *Notes) close(id, reason uint32) {
	n.b.t.Helper()
	n.mu.Lock()
	was := false
	for i := range n.all {
		if n.all[i].ID == id {
			was, n.all[i].Open = n.all[i].Open, false
		}
	}
	n.mu.Unlock()
	if was {
		n.emit("NotificationClosed", id, reason)
	}
}

func (n *Notes) emit(signal string, args ...any) {
	n.b.t.Helper()
	// A program may take its notifications away while the bed is taken down.
	if err := n.b.Bus.Emit(notesPath, notesName+"."+signal, args...); err != nil && !errors.Is(err, dbus.ErrClosed) {
		n.b.t.Errorf("%s: %v", signal, err)
	}
}

// noteServer is what programs call on the bus.
type noteServer struct{ n *Notes }

// Notify shows a notification, in place of another one if replaces names it.
func (s noteServer) Notify(
	app string,
	replaces uint32,
	icon, summary, body string,
	actions []string,
	hints map[string]dbus.Variant,
	timeout int32,
) (uint32, *dbus.Error) {
	s.n.wait()
	note := Note{
		ID:      replaces,
		App:     app,
		Icon:    icon,
		Summary: summary,
		Body:    body,
		Actions: actions,
		Hints:   hints,
		Timeout: timeout,
		Open:    true,
	}
	s.n.mu.Lock()
	defer s.n.mu.Unlock()
	if i := slices.IndexFunc(s.n.all, func(old Note) bool { return replaces != 0 && old.ID == replaces }); i >= 0 {
		s.n.all[i] = note
		return note.ID, nil
	}
	s.n.last++
	note.ID = s.n.last
	s.n.all = append(s.n.all, note)
	return note.ID, nil
}

// CloseNotification takes a notification off the screen for its program.
func (s noteServer) CloseNotification(id uint32) *dbus.Error {
	s.n.wait()
	s.n.close(id, closedByProgram)
	return nil
}

// GetCapabilities says that bodies are markup and buttons are shown.
func (s noteServer) GetCapabilities() ([]string, *dbus.Error) {
	s.n.wait()
	return []string{"actions", "body", "body-markup", "persistence"}, nil
}

// GetServerInformation names the server and the version of the protocol.
func (s noteServer) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return "bed", "tests", "1", "1.2", nil
}
