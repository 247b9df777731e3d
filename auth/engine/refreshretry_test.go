package engine_test

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// TestPassingFaults lets each fault last for two hours. The session stays, the
// token is handed out while it lives, nobody is asked for anything, the pauses
// are those that were promised, and the end of the fault fixes everything.
func TestPassingFaults(t *testing.T) {
	const portal = "<!doctype html><title>Sign in to Wi-Fi</title>"
	const limit = 15 * time.Minute
	for _, tt := range []struct {
		name  string
		fault func(*http.Request) (*http.Response, error)
		code  string
		after time.Duration // what Retry-After asks for at least
	}{
		{name: "no network", fault: fails(dialing(syscall.ENETUNREACH)), code: "unreachable"},
		{name: "no route to the host", fault: fails(dialing(syscall.EHOSTUNREACH)), code: "unreachable"},
		{name: "connection refused", fault: fails(dialing(syscall.ECONNREFUSED)), code: "unreachable"},
		{name: "no such name", fault: fails(dialing(&net.DNSError{Err: "no such host", Name: "idp", IsNotFound: true})), code: "dns"},
		{
			name:  "name server out of order",
			fault: fails(dialing(&net.DNSError{Err: "server misbehaving", Name: "idp", IsTemporary: true})), code: "unreachable",
		},
		{
			name:  "name server does not answer",
			fault: fails(dialing(&net.DNSError{Err: "i/o timeout", Name: "idp", IsTimeout: true})), code: "timeout",
		},
		{name: "the packets go nowhere", fault: fails(dialing(os.ErrDeadlineExceeded)), code: "timeout"},
		{name: "no answer", fault: swallows, code: "timeout"},
		{name: "no end of the answer", fault: breaks(nil), code: "timeout"},
		{name: "reset before the answer", fault: fails(&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}), code: "network"},
		{name: "reset in the answer", fault: breaks(syscall.ECONNRESET), code: "network"},
		{name: "closed before the answer", fault: fails(io.EOF), code: "network"},
		{name: "closed in the answer", fault: breaks(io.ErrUnexpectedEOF), code: "network"},
		{name: "a stranger's certificate", fault: fails(x509.UnknownAuthorityError{}), code: "tls"},
		{name: "the proxy is gone", fault: fails(&net.OpError{Op: "proxyconnect", Net: "tcp", Err: syscall.ECONNREFUSED}), code: "proxy"},
		{name: "407", fault: answers(407, ""), code: "http_407"},
		{name: "500", fault: answers(500, "oops"), code: "http_500"},
		{name: "500 with an OAuth error", fault: answers(500, `{"error":"invalid_grant"}`), code: "http_500"},
		{name: "502", fault: answers(502, portal, "Content-Type", "text/html"), code: "http_502"},
		{name: "503", fault: answers(503, ""), code: "http_503"},
		{name: "503 for two minutes", fault: answers(503, "", "Retry-After", "120"), code: "http_503", after: 2 * time.Minute},
		{name: "504", fault: answers(504, ""), code: "http_504"},
		{name: "429", fault: answers(429, ""), code: "http_429"},
		{
			name: "429 for two minutes", fault: answers(429, `{"error":"invalid_grant"}`, "Retry-After", "120"), code: "http_429",
			after: 2 * time.Minute,
		},
		{
			name: "429 until a date", code: "http_429", after: 10*time.Minute - time.Second,
			fault: func(r *http.Request) (*http.Response, error) {
				return answers(429, "", "Retry-After", time.Now().Add(10*time.Minute).UTC().Format(http.TimeFormat))(r)
			},
		},
		{name: "429 until a date that is over", fault: answers(429, "", "Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"), code: "http_429"},
		{name: "429 for garbage", fault: answers(429, "", "Retry-After", "soon, 1e3"), code: "http_429"},
		{name: "429 for less than nothing", fault: answers(429, "", "Retry-After", "-5"), code: "http_429"},
		{name: "429 for thirty years", fault: answers(429, "", "Retry-After", "1000000000"), code: "http_429", after: limit},
		{name: "429 for ever", fault: answers(429, "", "Retry-After", strings.Repeat("9", 40)), code: "http_429", after: limit},
		{name: "out of order by its own word", fault: answers(400, `{"error":"temporarily_unavailable"}`), code: "temporarily_unavailable"},
		{name: "a page instead of an answer", fault: answers(200, portal, "Content-Type", "text/html"), code: "not_json"},
		{name: "a page that calls itself JSON", fault: answers(200, portal, "Content-Type", "application/json"), code: "not_json"},
		{name: "nothing with 200", fault: answers(200, ""), code: "not_json"},
		{name: "led elsewhere", fault: answers(302, "", "Location", "https://portal.example/"), code: "redirect"},
		{name: "led elsewhere with the request", fault: answers(307, "", "Location", "https://portal.example/"), code: "redirect"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				n := env.useFakeNetwork()
				signed := env.signIn("renews")
				m := env.manager()
				told := env.followStates(m, "renews")
				n.set(tt.fault)

				time.Sleep(time.Until(signed.Expiry) - time.Second) // the token lives on
				if got, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil || got.Access != signed.Access {
					t.Errorf("the token that still lives: %v", err)
				}
				if s := snapshot(t, m, "renews"); s.State != session.Active || s.Problem == nil || s.Problem.Kind != auth.KindTransient ||
					s.Problem.Code != tt.code {
					t.Errorf("%s with the problem %+v, want %s", s.State, s.Problem, tt.code)
				}
				time.Sleep(2 * time.Hour)
				if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); kindOf(err) != auth.KindTransient {
					t.Errorf("the token after its end: %v, want kind %s", err, auth.KindTransient)
				}
				checkPauses(t, n.seen(), tt.after)

				n.set(nil)
				time.Sleep(limit + 5*time.Minute)
				got, err := m.Token(t.Context(), "renews", session.TokenOptions{})
				if err != nil || got.Access == signed.Access {
					t.Errorf("the token when all is well again: %v", err)
				}
				if s := snapshot(t, m, "renews"); s.State != session.Active || s.Problem != nil {
					t.Errorf("when all is well again: %s with the problem %v", s.State, s.Problem)
				}
				for _, s := range told() {
					if s != session.Unavailable && s != session.Active { // unavailable: while the keychain is read
						t.Errorf("the session was %s meanwhile", s)
					}
				}
			})
		})
	}
}

// checkPauses holds the pauses after each try against the promise: anything up
// to a bound that doubles from two seconds to five minutes, or what the
// provider asked for, up to a quarter of an hour; and a try that takes fifteen
// seconds at most.
func checkPauses(t *testing.T, attempts []attempt, after time.Duration) {
	t.Helper()
	const ceiling = 5 * time.Minute
	if len(attempts) < 6 || len(attempts) > 80 {
		t.Errorf("%d attempts in two hours", len(attempts))
	}
	var longest time.Duration
	for i, this := range attempts {
		if took := this.ended.Sub(this.began); took > oidc.TryTimeout {
			t.Errorf("try %d took %v", i, took)
		}
		if i == 0 {
			continue
		}
		pause := this.began.Sub(attempts[i-1].ended)
		bound := ceiling
		if i < 9 {
			bound = min(ceiling, time.Second<<i)
		}
		bound += 500 * time.Millisecond
		if after > 0 {
			bound = max(bound, after+2*time.Second)
		}
		// A body that does not end is read after the round trip.
		if pause < max(after, 500*time.Millisecond) || pause > bound+oidc.TryTimeout {
			t.Errorf("%v before try %d, want %v to %v", pause, i, max(after, 500*time.Millisecond), bound)
		}
		longest = max(longest, pause)
	}
	if after == 0 && longest < 30*time.Second {
		t.Errorf("no pause was longer than %v", longest)
	}
}

// TestACallerWhoLeavesEndsNoTry lets a caller give up on a provider that does
// not answer: the try goes on, and ends by its own deadline.
func TestACallerWhoLeavesEndsNoTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		n := env.useFakeNetwork()
		env.signIn("renews")
		env.ahead.Store(int64(time.Hour))
		n.set(swallows)
		m := env.manager()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := m.Token(ctx, "renews", session.TokenOptions{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a caller with a second of patience got %v", err)
		}
		time.Sleep(oidc.TryTimeout)
		synctest.Wait()
		if s := snapshot(t, m, "renews"); s.Problem == nil || s.Problem.Code != "timeout" {
			t.Errorf("the try that the caller left ended with %v", s.Problem)
		}
	})
}
