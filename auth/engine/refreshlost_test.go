package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// lossyTransport is the environment's network when it loses answers: the provider has acted,
// and nothing comes back.
type lossyTransport struct {
	handlerTransport
	lose int // so many answers to come
}

func (l *lossyTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	resp, err := l.handlerTransport.RoundTrip(r)
	if r.URL.Path == tokenPath && l.lose > 0 {
		l.lose--
		return nil, io.ErrUnexpectedEOF
	}
	return resp, err
}

// gracePeriod is a provider that answers a refresh token which it has spent once
// more as it did the first time.
func gracePeriod() authtest.Fault {
	answers := map[string]*httptest.ResponseRecorder{}
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		rec, again := answers[string(body)]
		if !again {
			rec = httptest.NewRecorder()
			r.Body = io.NopCloser(bytes.NewReader(body))
			next.ServeHTTP(rec, r)
			answers[string(body)] = rec
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}
}

// TestALostAnswer loses the answer to a refresh. The old refresh token is tried
// once more; a provider that takes it leaves nothing to see, and after one
// that does not the session has ended, and says why.
func TestALostAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		grace   bool
		process func(*engine.Config)
	}{
		"engine, grace":       {true, func(*engine.Config) {}},
		"engine, no grace":    {false, func(*engine.Config) {}},
		"on demand, grace":    {true, onDemand},
		"on demand, no grace": {false, onDemand},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				env.signIn("renews")
				if tc.grace {
					env.faults.Set(tokenPath, gracePeriod())
				}
				env.client = &oidc.Client{HTTP: &http.Client{Transport: &lossyTransport{handlerTransport{env.faults}, 1}}, Now: env.now}
				env.ahead.Store(int64(time.Hour))
				requests := env.faults.Seen(tokenPath)
				notes := func(c *engine.Config) { c.RefreshNotes = []string{t.TempDir()} }
				m := env.manager(tc.process, notes)
				if strings.HasPrefix(name, "engine") {
					time.Sleep(5 * time.Second) // it attempts again by itself
				}
				_, err := m.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute})
				if n := env.faults.Seen(tokenPath) - requests; n != 2 {
					t.Errorf("%d requests, want the one that was lost and one more", n)
				}
				if tc.grace {
					if err != nil {
						t.Errorf("with a provider that takes the old token once more: %v", err)
					}
					return
				}
				if kindOf(err) != auth.KindSignIn || !strings.Contains(err.Error(), "cut off") {
					t.Errorf("without: %v", err)
				}
				for range 10 { // other processes, later
					if _, err := env.manager(tc.process, notes).Token(t.Context(), "renews", session.TokenOptions{}); kindOf(
						err,
					) != auth.KindSignIn ||
						!strings.Contains(err.Error(), "cut off") {
						t.Errorf("afterwards: %v", err)
					}
				}
				if n := env.faults.Seen(tokenPath) - requests; n != 2 {
					t.Errorf("%d requests, want none after the end", n)
				}
			})
		})
	}
}

// TestOnlyTheRefreshTokenIsStoredUnchecked starts with what a process stored
// that was killed before it had checked the provider's answer: the old set with
// the new refresh token. The next one refreshes once more, and is told apart
// from the sign-in's person all the same.
func TestOnlyTheRefreshTokenIsStoredUnchecked(t *testing.T) {
	for name, tc := range map[string]struct {
		after time.Duration // since the sign-in
		fault authtest.Fault
		posts int
		kind  auth.Kind
	}{
		"the old token lives":    {after: time.Minute},
		"the old token is over":  {after: time.Hour, posts: 1},
		"without the keys":       {after: time.Hour, fault: authtest.Answer(503, ""), posts: 1, kind: auth.KindTransient},
		"no ID token says whose": {after: time.Hour, posts: 1, kind: auth.KindSignIn},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				old := env.signIn("renews")
				fresh, err := env.client.Refresh(t.Context(), env.tools[0], old)
				if err != nil || !fresh.Unverified {
					t.Fatalf("unverified %v: %v", fresh.Unverified, err)
				}
				if err := env.store.Save(t.Context(), "renews", fresh); err == nil {
					t.Fatal("what was not checked can be stored")
				}
				only := oidc.OnlyRefresh(old, fresh)
				if err := env.store.Save(t.Context(), "renews", only); err != nil {
					t.Fatal(err)
				}
				if tc.fault != nil {
					env.faults.Set("/jwks", tc.fault)
				} else if tc.kind != "" {
					env.faults.Set(tokenPath, authtest.RewriteJSON(func(m map[string]any) { delete(m, "id_token") }))
				}
				env.client = &oidc.Client{HTTP: &http.Client{Transport: handlerTransport{env.faults}}, Now: env.now} // a new process
				env.ahead.Store(int64(tc.after))
				requests := env.faults.Seen(tokenPath)
				got, err := env.manager(onDemand).Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute})
				if kindOf(err) != tc.kind {
					t.Fatalf("the token: %v, want kind %q", err, tc.kind)
				}
				if n := env.faults.Seen(tokenPath) - requests; n != tc.posts {
					t.Errorf("%d refreshes, want %d", n, tc.posts)
				}
				kept, err := env.store.Load(t.Context(), "renews")
				if err != nil || kept.RefreshUnproven != (tc.posts == 0 || tc.kind != "") ||
					(kept.Refresh == only.Refresh) != (tc.posts == 0) {
					t.Errorf("in the keychain: unproven %v, %v", kept.RefreshUnproven, err)
				}
				if want := old.Access; tc.kind == "" && (got.Access == want) != (tc.posts == 0) || got.Access == fresh.Access {
					t.Error("it hands out what was not checked, or another token than it should")
				}
			})
		})
	}
}

// TestTheEndWaitsForAnAnswer ends the process while the provider is at work on
// a refresh: the answer is still taken and stored.
func TestTheEndWaitsForAnAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		takes time.Duration
		kept  bool
	}{
		"a slow provider":  {2 * time.Second, true},
		"a silent network": {time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				old := env.signIn("renews")
				env.ahead.Store(int64(time.Hour))
				asked := make(chan struct{})
				env.faults.Set(tokenPath, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
					close(asked)
					select {
					case <-time.After(tc.takes):
						next.ServeHTTP(rw, r)
					case <-r.Context().Done():
					}
				})
				var cfg engine.Config
				env.manager(func(c *engine.Config) { cfg = *c; c.Tools = nil })
				m := engine.New(cfg)
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan struct{})
				go func() { m.Run(ctx); close(done) }()
				<-asked
				began := time.Now()
				stop()
				<-done
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("the end took %v", took)
				}
				kept, err := env.store.Load(t.Context(), "renews")
				if err != nil || (kept.Refresh != old.Refresh) != tc.kept {
					t.Errorf("the keychain holds the new set: %v, %v", kept.Refresh != old.Refresh, err)
				}
			})
		})
	}
}

// TestAnswerLostOutlivesTheProcess stores why a session ended and reads it back
// as another process would.
func TestAnswerLostOutlivesTheProcess(t *testing.T) {
	env := newEnvironment(t)
	set := env.signIn("renews")
	set.Refresh, set.RefreshRefused, set.AnswerLost = "", true, true
	set.Expiry = env.now().Add(-time.Minute)
	if err := env.store.Save(t.Context(), "renews", set); err != nil {
		t.Fatal(err)
	}
	m := env.manager()
	if err := m.Loaded(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := snapshot(t, m, "renews")
	if s.State != session.Expired || s.Renewal == nil || !strings.Contains(s.Renewal.Reason, "cut off") {
		b, _ := json.Marshal(s)
		t.Errorf("it is told as %s", b)
	}
}
