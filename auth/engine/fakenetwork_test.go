package engine_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

// fakeNetwork is the environment's network with faults below HTTP, and a record of what was
// tried at the token endpoint.
type fakeNetwork struct {
	next http.RoundTripper

	mu       sync.Mutex
	fault    func(*http.Request) (*http.Response, error) // nil for none
	attempts []attempt
}

type attempt struct{ began, ended time.Time }

// useFakeNetwork puts one between the environment's client and its provider.
func (env *environment) useFakeNetwork() *fakeNetwork {
	n := &fakeNetwork{next: handlerTransport{env.faults}}
	env.client = &oidc.Client{HTTP: &http.Client{Transport: n}, Now: env.now}
	return n
}

func (n *fakeNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	fault := n.fault
	n.mu.Unlock()
	began := time.Now()
	var resp *http.Response
	var err error
	if fault != nil {
		resp, err = fault(r)
	} else {
		resp, err = n.next.RoundTrip(r)
	}
	if r.URL.Path == tokenPath {
		n.mu.Lock()
		n.attempts = append(n.attempts, attempt{began, time.Now()})
		n.mu.Unlock()
	}
	return resp, err
}

func (n *fakeNetwork) set(fault func(*http.Request) (*http.Response, error)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fault, n.attempts = fault, nil
}

func (n *fakeNetwork) seen() []attempt {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]attempt(nil), n.attempts...)
}

// fails is a network error in place of any answer.
func fails(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

func dialing(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

// swallows takes the request and never answers.
func swallows(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// answers is what something on the way says instead of the provider.
func answers(status int, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		return handlerTransport{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			authtest.Answer(status, body, header...)(w, r, nil)
		})}.RoundTrip(r)
	}
}

// breaks begins an answer and resets the connection in the middle of it, or
// lets it hang there.
func breaks(err error) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		rest := func() error {
			if err == nil {
				<-r.Context().Done()
				return r.Context().Err()
			}
			return err
		}
		return &http.Response{
			StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
			Header: http.Header{"Content-Type": {"application/json"}},
			Body:   io.NopCloser(io.MultiReader(strings.NewReader(`{"access_token":"ey`), readFunc(rest))),
		}, nil
	}
}

type readFunc func() error

func (f readFunc) Read([]byte) (int, error) { return 0, f() }

// largestBurst returns how many of the attempts began within any one second at most.
func largestBurst(attempts []attempt) int {
	n := 0
	for i, first := range attempts {
		last := i
		for last < len(attempts) && attempts[last].began.Sub(first.began) < time.Second {
			last++
		}
		n = max(n, last-i)
	}
	return n
}
