package engine_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestAnswersThatAreOdd ends a sign-in at once when the answer with its state
// makes no sense, and says why: the person does not wait until it is given up.
func TestAnswersThatAreOdd(t *testing.T) {
	for _, tt := range []struct{ query, code, what string }{
		{"code=a&code=b&state=STATE", "callback_duplicate", "code twice"},
		{"code=a&state=STATE&state=STATE", "callback_duplicate", "state twice"},
		{"code=a&state=x&state=STATE", "callback_duplicate", "state twice"},
		{"error=a&error=b&state=STATE", "callback_duplicate", "error twice"},
		{"code=a&iss=b&iss=c&state=STATE", "callback_duplicate", "iss twice"},
		{"code=%zz&state=STATE&iss=ISS", "callback_code", "malformed"},
		{"state=STATE&iss=ISS", "callback_code", "no code"},
		{"error=access_denied&state=STATE&iss=ISS", "access_denied", ""},
		{"error=access_denied&error_description=a;b&foo=1&foo=2&%zz&state=STATE&iss=ISS", "access_denied", ""},
	} {
		t.Run(tt.query, func(t *testing.T) {
			var issuer string
			env := newLoopbackEnvironment(t, func(c *engine.Config) { issuer = c.Tools[1].Issuer })
			env.faults.Set("/authorize", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
				query := strings.NewReplacer("STATE", r.FormValue("state"), "ISS", url.QueryEscape(issuer)).Replace(tt.query)
				w.Header().Set("Location", r.FormValue("redirect_uri")+"?"+query)
				w.WriteHeader(http.StatusSeeOther)
			})
			err := env.SignIn(t.Context(), "ends", session.SignInOptions{})
			e := auth.AsError(err)
			if e == nil || e.Code != tt.code || !strings.Contains(e.What, tt.what) {
				t.Fatalf("the sign-in ended with %v", err)
			}
			if strings.Contains(e.Error()+e.Note(), "%zz") || strings.Contains(e.Error()+e.Note(), "\ufffd") {
				t.Errorf("the error repeats the request: %v", e)
			}
			if env.faults.Seen("/token") != 0 {
				t.Error("the answer was taken to the token endpoint")
			}
			if err := env.browser.Wait(); err == nil || !strings.Contains(err.Error(), "400") {
				t.Errorf("the browser's page: %v", err)
			}
		})
	}
}

// TestAnswersWithMoreThanIsNeeded signs in with what a provider sends beside
// the code.
func TestAnswersWithMoreThanIsNeeded(t *testing.T) {
	env := newLoopbackEnvironment(t)
	env.faults.Set("/signin", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(longerRedirect{w, "&session_state=a;b&session_state=c&%zz"}, r)
	})
	if err := env.SignIn(t.Context(), "ends", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := env.browser.Wait(); err != nil {
		t.Error(err)
	}
}

// longerRedirect adds to the address that a redirect leads to.
type longerRedirect struct {
	http.ResponseWriter
	add string
}

func (m longerRedirect) WriteHeader(status int) {
	if to := m.Header().Get("Location"); to != "" {
		m.Header().Set("Location", to+m.add)
	}
	m.ResponseWriter.WriteHeader(status)
}

// TestASignInEndsInTime gives a sign-in five minutes: the browser is opened
// with a deadline, and when it passes the port is closed.
func TestASignInEndsInTime(t *testing.T) {
	var left time.Duration
	var port string
	env := newLoopbackEnvironment(t, func(c *engine.Config) {
		c.OpenBrowser = func(ctx context.Context, address string) error {
			end, ok := ctx.Deadline()
			if left = time.Until(end); !ok {
				left = -1
			}
			return &auth.Error{Kind: auth.KindCanceled, Code: "seen"}
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- env.SignIn(ctx, "ends", session.SignInOptions{}) }()
	waitFor(t, env.Manager, "ends", func(s session.Snapshot) bool { return s.SignInURL != "" })
	cancel()
	<-ended
	if left < 4*time.Minute || left > 5*time.Minute {
		t.Errorf("a sign-in ends after %v", left)
	}

	env = newLoopbackEnvironment(t, func(c *engine.Config) {
		c.SignInTimeout = 50 * time.Millisecond
		c.OpenBrowser = func(_ context.Context, address string) error {
			port = parsed(t, address).Host
			return nil
		}
	})
	if err := env.SignIn(t.Context(), "ends", session.SignInOptions{}); auth.AsError(err).Code != "timeout" {
		t.Errorf("ended with %v", err)
	}
	if c, err := net.Dial("tcp", port); err == nil {
		_ = c.Close()
		t.Error("the port is still open")
	}
}

// TestDeclinedIsSaidOnce tells of a sign-in that the person declined in the
// answer to whoever began it and in the session, once, and opens nothing more.
func TestDeclinedIsSaidOnce(t *testing.T) {
	env := newLoopbackEnvironment(t)
	env.browser.Person.Cancel = true
	if err := env.Loaded(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	told := make(chan string, 100)
	go func() {
		defer close(told)
		last := ""
		for all := range env.Watch(ctx) {
			for _, s := range all {
				if now := fmt.Sprint(s.State, s.Problem != nil); s.Tool == "ends" && now != last {
					last = now
					told <- now
				}
			}
		}
	}()
	err := env.SignIn(t.Context(), "ends", session.SignInOptions{})
	if e := auth.AsError(err); e == nil || e.Kind != auth.KindDenied || e.Code != "access_denied" {
		t.Errorf("ended with %v", err)
	}
	_ = env.browser.Wait()
	waitFor(t, env.Manager, "ends", func(s session.Snapshot) bool { return s.State == session.SignedOut && s.Problem != nil })
	stop()
	problems := 0
	for now := range told {
		if strings.HasSuffix(now, "true") {
			problems++
		}
	}
	if problems > 1 || len(env.browser.Began()) != 1 || env.faults.Seen("/token") != 0 {
		t.Errorf("told %d times; browser started %d times", problems, len(env.browser.Began()))
	}
}

// TestTheBrowserCanBeOpenedAgain starts the browser with addresses that hold
// nothing of the request, a new one each time, all of which lead to it.
func TestTheBrowserCanBeOpenedAgain(t *testing.T) {
	var started []string
	env := newLoopbackEnvironment(t, func(c *engine.Config) {
		c.OpenBrowser = func(_ context.Context, address string) error { started = append(started, address); return nil }
	})
	if err := env.Reopen(t.Context(), "ends"); auth.AsError(err) == nil || auth.AsError(err).Code != "no_sign_in" {
		t.Errorf("without a sign-in: %v", err)
	}
	if err := env.Reopen(t.Context(), "none"); auth.AsError(err) == nil || auth.AsError(err).Code != "unknown_tool" {
		t.Errorf("of no tool: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- env.SignIn(t.Context(), "ends", session.SignInOptions{}) }()
	var request string
	waitFor(t, env.Manager, "ends", func(s session.Snapshot) bool { request = s.SignInURL; return request != "" })
	for range 2 {
		if err := env.Reopen(t.Context(), "ends"); err != nil {
			t.Fatal(err)
		}
	}
	if len(started) != 3 || started[0] == started[1] || started[1] == started[2] {
		t.Fatalf("started with %q", started)
	}
	q := parsed(t, request).Query()
	for _, address := range started {
		for _, name := range []string{"state", "nonce", "code_challenge"} {
			if q.Get(name) == "" || strings.Contains(address, q.Get(name)) {
				t.Errorf("a command line would hold the %s", name)
			}
		}
		if parsed(t, address).Host != parsed(t, q.Get("redirect_uri")).Host {
			t.Errorf("%s is not the listener of the sign-in", address)
		}
	}
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, address := range started {
		resp, err := stay.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if to := resp.Header.Get("Location"); to != request {
			t.Errorf("sent to %q", to)
		}
	}
	if err := env.browser.Open(started[0]); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := env.browser.Wait(); err != nil {
		t.Error(err)
	}
	if err := env.Reopen(t.Context(), "ends"); auth.AsError(err) == nil || auth.AsError(err).Code != "no_sign_in" {
		t.Errorf("afterwards: %v", err)
	}
}

// TestSignInBesideManyConnections holds a thousand connections to the port,
// half of them in the middle of a request: the person signs in, and no more
// than a few of them are kept.
func TestSignInBesideManyConnections(t *testing.T) {
	var conns []net.Conn
	var before, kept atomic.Int64
	var d *loopbackEnvironment
	d = newLoopbackEnvironment(t, func(c *engine.Config) {
		c.OpenBrowser = func(_ context.Context, address string) error {
			before.Store(int64(runtime.NumGoroutine()))
			for i := range 1000 {
				c, err := net.Dial("tcp", parsed(t, address).Host)
				if err != nil {
					return err
				}
				conns = append(conns, c)
				if i%2 == 0 {
					fmt.Fprintf(c, "GET /callback?code=x&state=y HTTP/1.1\r\nX-Slow:")
				}
			}
			return d.browser.Open(address)
		}
	})
	const few = 200
	d.faults.Set("/token", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		kept.Store(int64(runtime.NumGoroutine()))
		// Those that were dropped have ended, or are about to.
		for end := time.Now().Add(10 * time.Second); kept.Load()-before.Load() > few && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
			kept.Store(int64(runtime.NumGoroutine()))
		}
		next.ServeHTTP(w, r)
	})
	t.Cleanup(func() {
		for _, c := range conns {
			_ = c.Close()
		}
	})
	if err := d.SignIn(t.Context(), "ends", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := d.browser.Wait(); err != nil {
		t.Error(err)
	}
	// One goroutine serves each connection that is open.
	if more := kept.Load() - before.Load(); kept.Load() == 0 || more > few {
		t.Errorf("%d goroutines more with a thousand connections", more)
	}
}
