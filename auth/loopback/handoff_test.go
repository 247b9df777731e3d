package loopback_test

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/loopback"
	"keyfob/auth/loopback/peer"
)

// always is a system on which every connection is of the same kind.
func always(who peer.Who) func(net.Conn) peer.Who {
	return func(net.Conn) peer.Who { return who }
}

// stay is a browser that does not follow redirects.
var stay = func() *http.Client {
	c := client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// send asks for address, and returns the status and where it leads.
func send(t *testing.T, method, address, host string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	resp, err := stay().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode, resp.Header.Get("Location")
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// TestHandoff sends a browser on from the listener's own socket, and tells
// nobody else the address. Where the system does not tell who comes, that is
// the first one alone.
func TestHandoff(t *testing.T) {
	const target = "https://id.example.com/logout?id_token_hint=canary"
	for _, tt := range []struct {
		name   string
		who    peer.Who
		second int
	}{
		{"ours", peer.Ours, http.StatusSeeOther},
		{"unknown", peer.Unknown, http.StatusGone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/cb", Who: always(tt.who)})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			h, other := l.Hand(target), l.Hand("https://id.example.com/other")
			if strings.Contains(h.URL(), "canary") || strings.Contains(h.URL(), "example") ||
				!strings.HasPrefix(h.URL(), "http://"+host(t, l)+"/") {
				t.Errorf("the browser's command line would hold %s", h.URL())
			}
			if h.URL() == other.URL() {
				t.Error("two addresses are the same")
			}
			if closed(h.Taken()) {
				t.Error("taken before anybody came")
			}
			for _, ask := range []struct {
				name, method, address, host string
				status                      int
			}{
				{"another host", http.MethodGet, h.URL(), "evil.test", http.StatusForbidden},
				{"another path", http.MethodGet, h.URL() + "x", "", http.StatusNotFound},
				{"another method", http.MethodPost, h.URL(), "", http.StatusNotFound},
				{"the browser", http.MethodGet, h.URL(), "", http.StatusSeeOther},
				{"once more", http.MethodGet, h.URL(), "", tt.second},
			} {
				status, to := send(t, ask.method, ask.address, ask.host)
				if status != ask.status {
					t.Errorf("%s: %d", ask.name, status)
				}
				if want := map[bool]string{true: target}[ask.status == http.StatusSeeOther]; to != want {
					t.Errorf("%s was sent to %q", ask.name, to)
				}
				if ask.name == "the browser" {
					<-h.Taken()
					if closed(h.Doubted()) {
						t.Error("doubted after one visit")
					}
				}
			}
			if doubted := closed(h.Doubted()); doubted != (tt.who == peer.Unknown) {
				t.Errorf("doubted: %v", doubted)
			}
			if closed(other.Taken()) {
				t.Error("the other address counts as taken")
			}
			if status, _ := send(t, http.MethodGet, other.URL(), ""); status != http.StatusSeeOther {
				t.Errorf("the other address: %d", status)
			}
		})
	}
}

// TestHandoffEndsWithTheWait gives nothing out that leads into a sign-in that
// has its answer.
func TestHandoffEndsWithTheWait(t *testing.T) {
	l, got := listen(t, "http://127.0.0.1/callback")
	h := l.Hand("https://id.example.com/authorize")
	finish(t, l, got)
	if status, to := send(t, http.MethodGet, h.URL(), ""); status != http.StatusNotFound || to != "" {
		t.Errorf("after the answer: %d to %q", status, to)
	}
}

// TestManyHandoffs keeps the latest addresses: a person clicked often.
func TestManyHandoffs(t *testing.T) {
	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/cb"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	first, last := l.Hand("https://id.example.com/"), (*loopback.Handoff)(nil)
	for range 1000 {
		last = l.Hand("https://id.example.com/")
	}
	if status, _ := send(t, http.MethodGet, last.URL(), ""); status != http.StatusSeeOther {
		t.Errorf("the last one: %d", status)
	}
	if status, _ := send(t, http.MethodGet, first.URL(), ""); status != http.StatusNotFound {
		t.Errorf("the first of many: %d", status)
	}
}

// TestStrangersAreDropped lets nobody in of whom the system says that he is
// another user, whatever he knows, and takes the person's answer all the same.
func TestStrangersAreDropped(t *testing.T) {
	stranger := make(chan peer.Who, 1)
	stranger <- peer.Stranger
	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/callback", Who: func(net.Conn) peer.Who {
		select {
		case who := <-stranger:
			return who
		default:
			return peer.Ours
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h := l.Hand("https://id.example.com/")
	got := make(chan result, 1)
	go func() {
		cb, err := l.Wait(t.Context(), auth.Secret(state))
		got <- result{cb, err}
	}()
	v := url.Values{"code": {"stolen"}, "state": {state.Reveal()}}
	if resp, err := stay().Get(l.RedirectURI() + "?" + v.Encode()); err == nil {
		_ = resp.Body.Close()
		t.Errorf("another user's answer got %d", resp.StatusCode)
	}
	stranger <- peer.Stranger
	if resp, err := stay().Get(h.URL()); err == nil {
		_ = resp.Body.Close()
		t.Errorf("another user was sent on: %d", resp.StatusCode)
	}
	if closed(h.Taken()) {
		t.Error("the address counts as taken")
	}
	finish(t, l, got)
}
