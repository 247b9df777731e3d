// Package loopback owns the listener that takes the provider's answer from the
// person's browser (RFC 8252 section 7.3), and the constant pages it shows.
//
// It listens on loopback addresses only, for one sign-in or one sign-out. It also
// gives the browser its start address, which redirects to the provider
// ([Handoff]), so that no state stands in a command line. It must never put
// anything of a request into a page, a log or an error, never act on a request
// without the right state, and never let such a request end the wait. Connections
// of other users are dropped unread, where the system tells whose they are.
package loopback

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"keyfob/auth"
	"keyfob/auth/loopback/peer"
)

// Limits of one request.
const (
	maxHeader   = 64 << 10        // bytes; a browser sends its cookies for localhost along
	maxBody     = 64 << 10        // bytes of a posted form
	readTimeout = 5 * time.Second // for one whole request to arrive
	pageTimeout = 5 * time.Second // for a browser to take the page
)

// Options say where to listen.
type Options struct {
	// Redirect is the registered redirect URI: plain http on 127.0.0.1, [::1]
	// or localhost. With localhost both loopback addresses are opened, since
	// browsers differ in which one they take.
	Redirect string
	// Ports are tried in this order; empty means any free port, or the one
	// that Redirect names.
	Ports []int
	// Stateless is for a provider that echoes no state when it sends the
	// browser back from its sign-out page: the first visit to the path counts.
	// It is never right for a sign-in.
	Stateless bool
	// Who tells whose a connection is; nil means [peer.Of].
	Who func(net.Conn) peer.Who

	patience time.Duration // for one request to arrive; 0 means readTimeout
}

// Listener waits for one answer. Close it when the sign-in is over.
type Listener struct {
	redirect  string // with port
	hosts     []string
	path      string
	stateless bool

	guard    *guard
	handoffs handoffs
	server   *http.Server
	offers   chan *offer
	waiting  atomic.Bool
	over     chan struct{} // closed when the wait has ended: nothing is taken any more
	closed   chan struct{}
	close    func() error
	serving  sync.WaitGroup
}

// Listen opens the sockets. The listener also closes when ctx ends. Errors are
// of KindSetup for a redirect URI that cannot be listened on, and KindFailed
// with Code "ports_busy" when no allowed port is free.
func Listen(ctx context.Context, o Options) (*Listener, error) {
	at, err := parseRedirect(o)
	if err != nil {
		return nil, err
	}
	sockets, port, err := at.bind(ctx)
	if err != nil {
		return nil, err
	}
	if o.Who == nil {
		o.Who = peer.Of
	}
	l := newListener(at.redirect, port, o)
	for _, s := range sockets {
		l.serving.Go(func() { _ = l.server.Serve(guarded{s, l.guard, o.Who}) })
	}
	ctx, cancel := context.WithCancel(ctx)
	l.close = sync.OnceValue(func() error {
		cancel()
		close(l.closed)
		// The sockets are closed here as well, because the server does not
		// know one whose Serve has not begun.
		for _, s := range sockets {
			_ = s.Close()
		}
		err := l.server.Close()
		l.serving.Wait()
		if errors.Is(err, net.ErrClosed) {
			err = nil
		}
		return err
	})
	context.AfterFunc(ctx, func() { _ = l.Close() })
	return l, nil
}

// newListener makes a listener without sockets for the redirect URI u at port.
func newListener(u *url.URL, port int, o Options) *Listener {
	if o.patience == 0 {
		o.patience = readTimeout
	}
	host := u.Host[:len(u.Host)-len(portSuffix(u))]
	at := *u
	at.Host = host + ":" + strconv.Itoa(port)
	l := &Listener{
		redirect:  at.String(),
		hosts:     []string{at.Host},
		path:      at.EscapedPath(),
		stateless: o.Stateless,
		guard:     &guard{},
		offers:    make(chan *offer),
		over:      make(chan struct{}),
		closed:    make(chan struct{}),
	}
	if l.path == "" {
		l.path = "/"
	}
	if port == 80 {
		l.hosts = append(l.hosts, host) // a browser leaves the default port out
	}
	l.server = &http.Server{
		Handler:                      newHandler(l),
		ReadTimeout:                  o.patience,
		MaxHeaderBytes:               maxHeader,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     log.New(io.Discard, "", 0), // it would log what strangers send
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
	}
	l.server.SetKeepAlivesEnabled(false)
	return l
}

// connKey finds a request's connection in its context.
type connKey struct{}

// RedirectURI is the redirect URI with the port that is listened on, to be
// sent to the provider as it is.
func (l *Listener) RedirectURI() string { return l.redirect }

// Close closes the sockets and all connections, and ends a wait. It may be
// called more than once.
func (l *Listener) Close() error { return l.close() }

func canceled(cause error) *auth.Error {
	e := &auth.Error{Kind: auth.KindCanceled, Code: auth.CodeCanceled, What: "the sign-in was cancelled", Who: auth.WhoYou, Err: cause}
	if errors.Is(cause, context.DeadlineExceeded) {
		e.Code, e.What, e.Do = auth.CodeTimeout, "nobody finished the sign-in in the browser in time", "sign in again"
	}
	return e
}
