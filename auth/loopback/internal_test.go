package loopback

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
)

// An answer that is being checked outlives the time that a request has to
// arrive.
func TestHeldLongerThanTheReadTimeout(t *testing.T) {
	const patience = 50 * time.Millisecond
	l, err := Listen(t.Context(), Options{Redirect: "http://127.0.0.1/cb", patience: patience})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	status := make(chan int, 1)
	var arrived atomic.Bool
	go func() {
		for {
			resp, err := (&http.Client{Transport: &http.Transport{}}).Get(l.RedirectURI() + "?state=s")
			switch {
			case err == nil:
				_ = resp.Body.Close()
				status <- resp.StatusCode
				return
			case arrived.Load():
				t.Error(err)
				status <- 0
				return
			}
			// A busy machine took longer than that to send a request.
		}
	}()
	cb, err := l.Wait(t.Context(), "s")
	if err != nil {
		t.Fatal(err)
	}
	arrived.Store(true)
	time.Sleep(4 * patience) // it passes while the answer is checked
	cb.Finish(true)
	if got := <-status; got != http.StatusOK {
		t.Errorf("status %d", got)
	}
}

// once is a socket to which one connection comes.
type once struct {
	conns chan net.Conn
}

func (o once) Accept() (net.Conn, error) {
	c, ok := <-o.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (o once) Close() error   { return nil }
func (o once) Addr() net.Addr { return &net.TCPAddr{} }

// A request that never ends is given up soon, and long before a sign-in is.
func TestARequestThatNeverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, err := url.Parse("http://127.0.0.1/cb")
		if err != nil {
			t.Fatal(err)
		}
		l := newListener(u, 4000, Options{})
		ours, theirs := net.Pipe()
		socket := once{make(chan net.Conn, 1)}
		socket.conns <- theirs
		served := make(chan error, 1)
		go func() { served <- l.server.Serve(socket) }()
		began := time.Now()
		if _, err := io.WriteString(ours, "GET /cb?state=s HTTP/1.1\r\nX-Slow:"); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, ours); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took < time.Second || took > 10*time.Second {
			t.Errorf("given up after %v", took)
		}
		close(socket.conns)
		_ = l.server.Close()
		<-served
	})
}

// Connections that send nothing, or a part of a request, do not keep the
// browser out, and only a bounded number of them stays open. No timeout helps
// here: there are a thousand within a second.
func TestManyStalledConnections(t *testing.T) {
	const many = 1000
	l, err := Listen(t.Context(), Options{Redirect: "http://127.0.0.1/cb", patience: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	at, err := url.Parse(l.RedirectURI())
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan string, 1)
	go func() {
		cb, err := l.Wait(t.Context(), "s")
		if err != nil {
			t.Error(err)
			close(answered)
			return
		}
		// The answer waited for is not what has to make room.
		answered <- cb.Values.Get("code")
		<-answered
		cb.Finish(true)
	}()
	var conns []net.Conn
	stall := func() {
		for i := range many {
			c, err := net.Dial("tcp", at.Host)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Close() })
			conns = append(conns, c)
			if i%2 == 0 {
				fmt.Fprintf(c, "GET /cb?state=s&code=slow HTTP/1.1\r\nX-Slow:")
			}
		}
	}
	stall()
	status := make(chan int, 1)
	go func() {
		resp, err := (&http.Client{Transport: &http.Transport{}}).Get(l.RedirectURI() + "?state=s&code=c")
		if err != nil {
			t.Error(err)
			status <- 0
			return
		}
		_ = resp.Body.Close()
		status <- resp.StatusCode
	}()
	if code := <-answered; code != "c" {
		t.Fatalf("code = %q", code)
	}
	stall()
	answered <- ""
	if got := <-status; got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	for _, c := range conns[:len(conns)-2*maxConns] {
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		var n net.Error
		if _, err := c.Read(make([]byte, 1)); err == nil || errors.As(err, &n) && n.Timeout() {
			t.Fatalf("an old connection is still open: %v", err)
		}
	}
}

// FuzzCallbackRequest feeds a whole request line's worth of outside text to
// the handler. Whatever comes, the page is constant; and what reaches the
// caller has the right state, and every parameter that came.
func FuzzCallbackRequest(f *testing.F) {
	const state = auth.Secret("st4te")
	for _, s := range []string{
		"code=c&state=st4te", "code=c&state=st4te&iss=https%3A%2F%2Fid.example.com", "error=access_denied&state=st4te",
		"code=a&code=b&state=st4te", "state=st4te&state=st4te", "code=%zz&state=st4te", "code=c;state=st4te", "state=st4te%00", "&&=&",
		"state", "&&state=st4te",
	} {
		f.Add("GET", "/cb", s, "127.0.0.1:4000")
		f.Add("POST", "/cb", s, "127.0.0.1:4000")
	}
	f.Add("TRACE", "/favicon.ico", "", "evil.test")
	u, err := url.Parse("http://127.0.0.1/cb")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, path, query, host string) {
		l := newListener(u, 4000, Options{})
		r := &http.Request{
			Method: method, URL: &url.URL{Path: path, RawQuery: query}, Host: host,
			Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: http.NoBody,
		}
		if method == http.MethodPost {
			r.URL.RawQuery, r.Body = "", httptest.NewRequest(method, "/", strings.NewReader(query)).Body
		}
		got := make(chan *Callback, 1)
		go func() {
			cb, err := l.Wait(t.Context(), state)
			if err != nil {
				cb = nil
			} else {
				go cb.Finish(true)
			}
			got <- cb
		}()
		w := httptest.NewRecorder()
		l.server.Handler.ServeHTTP(w, r)
		var cb *Callback
		if w.Code == http.StatusOK {
			cb = <-got
		}
		close(l.closed)
		if cb == nil {
			if w.Body.String() != newHandler(l).pages[pageIgnored] {
				t.Fatalf("an ignored request got status %d and another page", w.Code)
			}
			return
		}
		if w.Body.String() != newHandler(l).pages[pageSignedIn] {
			t.Fatal("the accepted request got another page")
		}
		if method != http.MethodGet && method != http.MethodPost || path != "/cb" || host != "127.0.0.1:4000" {
			t.Fatalf("accepted %s %s at %s", method, path, host)
		}
		if !slices.Contains(cb.Values["state"], state.Reveal()) {
			t.Fatalf("accepted the states %q", cb.Values["state"])
		}
		sent, came := 0, 0
		for _, pair := range strings.Split(query, "&") {
			if pair != "" {
				sent++
			}
		}
		for _, v := range cb.Values {
			came += len(v)
		}
		if came != sent {
			t.Fatalf("%d parameters of %q", came, query)
		}
	})
}
