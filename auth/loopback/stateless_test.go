package loopback_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"keyfob/auth/loopback"
)

// TestStateless takes the first visit to the right place, with whatever comes
// along, and still nothing from elsewhere.
func TestStateless(t *testing.T) {
	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/signed-out", Stateless: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := l.Wait(t.Context(), state); err == nil {
		t.Fatal("waited for a state that nobody is going to send")
	}
	came := make(chan *loopback.Callback, 1)
	go func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c, err := l.Wait(ctx, "")
		if err != nil {
			t.Error(err)
		}
		came <- c
	}()
	for what, at := range map[string][3]string{
		"another path": {http.MethodGet, l.RedirectURI() + "x", ""},
		"another host": {http.MethodGet, l.RedirectURI(), "evil.example.com"},
		"another verb": {http.MethodPut, l.RedirectURI(), ""},
	} {
		if status, _, _ := do(t, at[0], at[1], at[2], nil); status < 400 {
			t.Errorf("%s: %d", what, status)
		}
	}
	go func() { c := <-came; c.SignedOut() }()
	if status, page, _ := do(t, http.MethodGet, l.RedirectURI()+"?a=1;2&a=3", "", nil); status != http.StatusOK {
		t.Errorf("%d %s", status, page)
	}
}
