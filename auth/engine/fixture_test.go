package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// issuer is where the provider of an environment without a network claims to be.
const issuer = "http://127.0.0.1:8080"

// environment is a provider, a keychain and a clock in one process. Its network is a
// function call, so that a test may run in a synctest bubble.
type environment struct {
	t        *testing.T
	provider *idp.Provider
	faults   *authtest.Faults
	store    *faultyStore
	client   *oidc.Client
	tools    []auth.Tool
	locks    sync.Map     // of the user's processes, each a channel, by tool
	ahead    atomic.Int64 // nanoseconds: how far the wall clock is ahead of the timers
	apart    atomic.Int64 // nanoseconds: how far the provider's clock is ahead of the wall clock
}

// newEnvironment returns an environment with the tools "renews" and "ends", whose tokens
// live five minutes.
func newEnvironment(t *testing.T) *environment {
	t.Helper()
	env := &environment{t: t, store: &faultyStore{Store: memory.New()}}
	p, err := idp.New(idp.Config{
		RSA:   authtest.RSA(),
		Now:   func() time.Time { return env.now().Add(time.Duration(env.apart.Load())) },
		Users: map[string]auth.Secret{"ann": "pw"},
		Clients: []idp.Client{
			{ID: "renews", Refresh: true, AccessTTL: 5 * time.Minute, Alg: "ES256"},
			{ID: "ends", AccessTTL: 5 * time.Minute},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	env.provider, env.faults = p, authtest.NewFaults(p)
	env.client = &oidc.Client{HTTP: &http.Client{Transport: handlerTransport{env.faults}}, Now: env.now}
	for _, id := range []string{"renews", "ends"} {
		env.tools = append(env.tools, auth.Tool{
			ID: id, Name: id, Provider: "oidc", Issuer: issuer, ClientID: id, ClientAuth: auth.ClientAuthNone,
			Scopes: []string{"openid", "offline_access"}, Redirect: "http://127.0.0.1/callback",
			Reminders: []time.Duration{2 * time.Minute, time.Minute},
		})
	}
	return env
}

func (env *environment) now() time.Time { return time.Now().Add(time.Duration(env.ahead.Load())) }

// manager runs a manager of the environment's tools until the test ends. Several are
// as many processes of one user.
func (env *environment) manager(change ...func(*engine.Config)) *engine.Manager {
	env.t.Helper()
	m, _ := env.process(change...)
	return m
}

// process is manager, and what asks it to end and waits until it has.
func (env *environment) process(change ...func(*engine.Config)) (m *engine.Manager, end func()) {
	env.t.Helper()
	forbidden := &authtest.Browser{Forbid: env.t}
	cfg := engine.Config{
		Tools:       env.tools,
		Store:       env.store,
		Client:      func(auth.Tool) (*oidc.Client, error) { return env.client, nil },
		OpenBrowser: func(_ context.Context, u string) error { return forbidden.Open(u) },
		Lock: func(ctx context.Context, tool string) (func(), error) {
			l, _ := env.locks.LoadOrStore(tool, make(chan struct{}, 1))
			select {
			case l.(chan struct{}) <- struct{}{}:
				return func() { <-l.(chan struct{}) }, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		},
		Now: env.now,
	}
	for _, c := range change {
		c(&cfg)
	}
	m = engine.New(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { m.Run(ctx); close(done) }()
	end = func() { cancel(); <-done }
	env.t.Cleanup(end)
	return m, end
}

// signIn puts tokens of a real sign-in into the keychain, without a manager.
func (env *environment) signIn(id string) auth.Tokens {
	env.t.Helper()
	ctx := context.Background()
	i := slices.IndexFunc(env.tools, func(t auth.Tool) bool { return t.ID == id })
	req, err := env.client.Begin(ctx, env.tools[i], "http://127.0.0.1:4000/callback", oidc.BeginOptions{})
	if err != nil {
		env.t.Fatal(err)
	}
	page := env.do(http.MethodGet, req.URL, nil).Body.String()
	_, rest, _ := strings.Cut(page, `name="request" value="`)
	pending, _, _ := strings.Cut(rest, `"`)
	answer := env.do(
		http.MethodPost,
		env.tools[i].Issuer+"/signin",
		url.Values{"request": {pending}, "username": {"ann"}, "password": {"pw"}, "action": {"signin"}},
	)
	back, err := answer.Result().Location()
	if err != nil {
		env.t.Fatalf("the provider did not send the browser back: %d %v", answer.Code, err)
	}
	code, err := env.client.CheckCallback(req, back.Query())
	if err != nil {
		env.t.Fatal(err)
	}
	tokens, err := env.client.Exchange(ctx, req, code)
	if err != nil {
		env.t.Fatal(err)
	}
	tokens.Set, tokens.SignedInAt = "test", tokens.IssuedAt
	if err := env.store.Save(ctx, id, tokens); err != nil {
		env.t.Fatal(err)
	}
	return tokens
}

func (env *environment) do(method, address string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	r.RemoteAddr = "127.0.0.1:1234"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	env.provider.ServeHTTP(rec, r)
	return rec
}

// snapshot returns one session as the manager tells it.
func snapshot(t *testing.T, m *engine.Manager, tool string) session.Snapshot {
	t.Helper()
	all, err := m.Snapshots(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.Tool == tool {
			return s
		}
	}
	t.Fatalf("no session of %s", tool)
	return session.Snapshot{}
}

// handlerTransport is a network in which every host is the handler.
type handlerTransport struct{ handler http.Handler }

func (h handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.RemoteAddr, in.Host = "127.0.0.1:1234", r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	h.handler.ServeHTTP(rec, in)
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// forget signs out here alone, with a person who is there.
func forget(ctx context.Context, m *engine.Manager, tool string) error {
	_, err := m.SignOut(ctx, tool, session.SignOutOptions{Local: true, MayUnlock: true})
	return err
}

func kindOf(err error) auth.Kind {
	var e *auth.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// followStates notes every state of the session from now on.
func (env *environment) followStates(m *engine.Manager, tool string) (states func() []session.State) {
	ctx, cancel := context.WithCancel(context.Background())
	env.t.Cleanup(cancel)
	var mu sync.Mutex
	var all []session.State
	watch := m.Watch(ctx)
	go func() {
		for snaps := range watch {
			for _, s := range snaps {
				if s.Tool != tool {
					continue
				}
				mu.Lock()
				if len(all) == 0 || all[len(all)-1] != s.State {
					all = append(all, s.State)
				}
				mu.Unlock()
			}
		}
	}()
	return func() []session.State {
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		return append([]session.State(nil), all...)
	}
}

// jumpClock sets this computer's clock, and no other.
func (env *environment) jumpClock(by time.Duration) {
	env.ahead.Add(int64(by))
	env.apart.Add(-int64(by))
}

// sleep suspends the machine: everything else goes on, the timers stand still.
func (env *environment) sleep(d time.Duration) { env.ahead.Add(int64(d)) }

// signInMany adds copies of a tool and signs in to all of them.
func (env *environment) signInMany(id string, n int) {
	env.signIn(id)
	i := slices.IndexFunc(env.tools, func(t auth.Tool) bool { return t.ID == id })
	for k := range n - 1 {
		tool := env.tools[i]
		tool.ID = fmt.Sprintf("%s%d", id, k)
		env.tools = append(env.tools, tool)
		env.signIn(tool.ID)
	}
}

func onlySnapshot(t *testing.T, m *engine.Manager) session.Snapshot {
	t.Helper()
	if err := m.Loaded(t.Context()); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
	all, err := m.Snapshots(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d sessions, %v", len(all), err)
	}
	return all[0]
}
