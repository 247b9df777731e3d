package loopback

import (
	"context"
	"crypto/rand"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"keyfob/auth"
)

// Handoff gives a browser an address that must not stand in a command line,
// which every program of this machine's users may read. The browser is started
// with [Handoff.URL], and is sent on from there, once.
//
// The address may still come into the browser's history. Only a page with a
// script or a button would keep it out of there.
type Handoff struct {
	url    string
	taken  chan struct{}
	close  func()
	target string
	host   string
	path   string
	gone   atomic.Bool
}

// NewHandoff listens on 127.0.0.1 for a browser to send to target. It ends
// with [Handoff.Close] or ctx.
func NewHandoff(ctx context.Context, target auth.Secret) (*Handoff, error) {
	socket, err := (&net.ListenConfig{Control: exclusive}).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, &auth.Error{Kind: auth.KindFailed, Code: "ports_busy", What: "no port on this machine could be opened for the browser", Do: "look for a security program that forbids it", Who: auth.WhoYou, Err: err}
	}
	h := &Handoff{target: target.Reveal(), host: socket.Addr().String(), path: "/" + rand.Text(), taken: make(chan struct{})}
	h.url = (&url.URL{Scheme: "http", Host: h.host, Path: h.path}).String()
	server := &http.Server{Handler: h, ReadTimeout: readTimeout, WriteTimeout: 2 * readTimeout, MaxHeaderBytes: maxHeader, ErrorLog: log.New(io.Discard, "", 0)}
	server.SetKeepAlivesEnabled(false)
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(socket) })
	h.close = sync.OnceFunc(func() {
		_ = socket.Close()
		_ = server.Close()
		serving.Wait()
	})
	context.AfterFunc(ctx, h.close)
	return h, nil
}

// URL is what to start the browser with. It holds nothing of the address.
func (h *Handoff) URL() string { return h.url }

// Taken is closed when a browser was sent on.
func (h *Handoff) Taken() <-chan struct{} { return h.taken }

// Close ends the handoff. It may be called more than once.
func (h *Handoff) Close() { h.close() }

// ServeHTTP sends the first request for the right path on.
func (h *Handoff) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hd := w.Header()
	hd.Set("Cache-Control", "no-store")
	hd.Set("Referrer-Policy", "no-referrer")
	hd.Set("Content-Security-Policy", "default-src 'none'")
	switch {
	case r.Host != h.host: // another name for this machine: DNS rebinding
		w.WriteHeader(http.StatusForbidden)
	case !sameState(r.URL.Path, auth.Secret(h.path)):
		w.WriteHeader(http.StatusNotFound)
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case !h.gone.CompareAndSwap(false, true):
		w.WriteHeader(http.StatusGone)
	default:
		hd.Set("Location", h.target)
		rc := http.NewResponseController(w)
		_ = rc.SetWriteDeadline(time.Now().Add(pageTimeout))
		w.WriteHeader(http.StatusSeeOther)
		_ = rc.Flush() // Close may follow at once
		close(h.taken)
	}
}
