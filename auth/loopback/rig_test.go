package loopback_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/loopback"
)

const state = auth.Secret("right-state")

type result struct {
	cb  *loopback.Callback
	err error
}

// listen opens a listener for redirect and waits on it for state.
func listen(t *testing.T, redirect string) (*loopback.Listener, <-chan result) {
	t.Helper()
	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: redirect})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	got := make(chan result, 1)
	go func() {
		cb, err := l.Wait(t.Context(), state)
		got <- result{cb, err}
	}()
	return l, got
}

// client is a browser's part: no connection reuse, no redirects, no proxy.
func client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
}

func do(t *testing.T, method, address, host string, body io.Reader, header ...string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Error(err)
		return 0, "", nil
	}
	if host != "" {
		req.Host = host
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := client().Do(req)
	if err != nil {
		t.Error(err) // not Fatal: some callers are no test's own goroutine
		return 0, "", nil
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(page), resp.Header
}

// finish completes the sign-in as a browser that brings the right answer, and
// fails the test when something before it has ended the wait.
func finish(t *testing.T, l *loopback.Listener, got <-chan result) {
	t.Helper()
	select {
	case r := <-got:
		t.Fatalf("the wait ended early: %+v", r)
	default:
	}
	page := make(chan string, 1)
	go func() {
		_, p, _ := do(t, http.MethodGet, l.RedirectURI()+"?code=c&state="+state.Reveal(), "", nil)
		page <- p
	}()
	var r result
	select {
	case r = <-got:
	case p := <-page:
		t.Fatalf("the right answer got %q", p)
	}
	if r.err != nil {
		t.Fatal(r.err)
	}
	if r.cb.Values.Get("code") != "c" {
		t.Errorf("values = %v", r.cb.Values)
	}
	r.cb.Finish(true)
	if p := <-page; p != assets.CallbackSignedIn() {
		t.Errorf("the browser shows %q", p)
	}
}
