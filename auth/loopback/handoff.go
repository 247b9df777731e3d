package loopback

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"keyfob/auth"
)

// maxHandoffs bounds the addresses that a listener has given out at once: each
// time that a person has the browser opened again it gives one more.
const maxHandoffs = 16

// Handoff gives a browser an address that must not stand in a command line,
// which every user of this machine may read. The browser is started with
// [Handoff.URL], which holds nothing of it, and is sent on from there.
//
// Where the system tells whose a connection is, nobody but this user's programs
// gets there, and a browser that asks twice, as some desktops do to see what a
// page is, is sent on twice. Elsewhere the first one is, and nobody else.
type Handoff struct {
	url    string
	path   auth.Secret
	target auth.Secret

	mu      sync.Mutex
	visits  int
	sure    bool // the first visitor was known to be ours
	taken   chan struct{}
	doubted chan struct{}
}

// handoffs are those of one listener, the oldest first.
type handoffs struct {
	mu  sync.Mutex
	all []*Handoff
}

// Hand gives an address of this listener that leads to target, for as long as
// the listener waits.
func (l *Listener) Hand(target auth.Secret) *Handoff {
	path := "/" + rand.Text()
	h := &Handoff{
		url:  (&url.URL{Scheme: "http", Host: l.hosts[0], Path: path}).String(),
		path: auth.Secret(path), target: target,
		taken: make(chan struct{}), doubted: make(chan struct{}),
	}
	l.handoffs.mu.Lock()
	defer l.handoffs.mu.Unlock()
	if len(l.handoffs.all) == maxHandoffs {
		l.handoffs.all = slices.Delete(l.handoffs.all, 0, 1)
	}
	l.handoffs.all = append(l.handoffs.all, h)
	return h
}

// URL is what to start the browser with.
func (h *Handoff) URL() string { return h.url }

// Taken is closed when a browser was sent on.
func (h *Handoff) Taken() <-chan struct{} { return h.taken }

// Sure reports whether the one who was sent on first was known to be a program
// of this user's.
func (h *Handoff) Sure() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sure
}

// Doubted is closed when somebody comes for the address after it was taken, and
// this system does not tell whose connections these are: one of the two was not
// the person's browser.
func (h *Handoff) Doubted() <-chan struct{} { return h.doubted }

// find gives the handoff at path, or nil.
func (h *handoffs) find(path string) (found *Handoff) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.all {
		if sameState(path, one.path) {
			found = one
		}
	}
	return found
}

// visit counts a visit and reports whether it is sent on.
func (h *Handoff) visit(sure bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.visits++; h.visits == 1 {
		h.sure = sure
	}
	if h.visits == 2 && !sure {
		close(h.doubted)
	}
	return h.visits == 1 || sure
}

// serve sends a visitor on, who is known to be ours if sure.
func (h *Handoff) serve(w http.ResponseWriter, sure bool) {
	hd := w.Header()
	hd.Set("Cache-Control", "no-store")
	hd.Set("Referrer-Policy", "no-referrer")
	hd.Set("Content-Security-Policy", "default-src 'none'")
	if !h.visit(sure) {
		w.WriteHeader(http.StatusGone)
		return
	}
	hd.Set("Location", h.target.Reveal())
	rc := http.NewResponseController(w)
	_ = rc.SetWriteDeadline(time.Now().Add(pageTimeout))
	w.WriteHeader(http.StatusSeeOther)
	_ = rc.Flush() // Close may follow at once
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.taken:
	default:
		close(h.taken)
	}
}
