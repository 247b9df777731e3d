package engine_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// issuer is where the provider of a world without a network claims to be.
const issuer = "http://127.0.0.1:8080"

// world is a provider, a keychain and a clock in one process. Its network is a
// function call, so that a test may run in a synctest bubble.
type world struct {
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

// newWorld returns a world with the tools "renews" and "ends", whose tokens
// live five minutes.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, store: &faultyStore{Store: memory.New()}}
	p, err := idp.New(idp.Config{
		RSA:   authtest.RSA(),
		Now:   func() time.Time { return w.now().Add(time.Duration(w.apart.Load())) },
		Users: map[string]auth.Secret{"ann": "pw"},
		Clients: []idp.Client{
			{ID: "renews", Refresh: true, AccessTTL: 5 * time.Minute, Alg: "ES256"},
			{ID: "ends", AccessTTL: 5 * time.Minute},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.provider, w.faults = p, authtest.NewFaults(p)
	w.client = &oidc.Client{HTTP: &http.Client{Transport: calls{w.faults}}, Now: w.now}
	for _, id := range []string{"renews", "ends"} {
		w.tools = append(w.tools, auth.Tool{
			ID: id, Name: id, Provider: "oidc", Issuer: issuer, ClientID: id, ClientAuth: auth.ClientAuthNone,
			Scopes: []string{"openid", "offline_access"}, Redirect: "http://127.0.0.1/callback",
			Reminders: []time.Duration{2 * time.Minute, time.Minute},
		})
	}
	return w
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

// manager runs a manager of the world's tools until the test ends. Several are
// as many processes of one user.
func (w *world) manager(change ...func(*engine.Config)) *engine.Manager {
	w.t.Helper()
	forbidden := &authtest.Browser{Forbid: w.t}
	cfg := engine.Config{
		Tools:       w.tools,
		Store:       w.store,
		Client:      func(auth.Tool) (*oidc.Client, error) { return w.client, nil },
		OpenBrowser: func(_ context.Context, u string) error { return forbidden.Open(u) },
		Lock: func(ctx context.Context, tool string) (func(), error) {
			l, _ := w.locks.LoadOrStore(tool, make(chan struct{}, 1))
			select {
			case l.(chan struct{}) <- struct{}{}:
				return func() { <-l.(chan struct{}) }, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		},
		Now: w.now,
	}
	for _, c := range change {
		c(&cfg)
	}
	m := engine.New(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { m.Run(ctx); close(done) }()
	w.t.Cleanup(func() { cancel(); <-done })
	return m
}

// signIn puts tokens of a real sign-in into the keychain, without a manager.
func (w *world) signIn(id string) auth.Tokens {
	w.t.Helper()
	ctx := context.Background()
	i := slices.IndexFunc(w.tools, func(t auth.Tool) bool { return t.ID == id })
	req, err := w.client.Begin(ctx, w.tools[i], "http://127.0.0.1:4000/callback", oidc.BeginOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	page := w.do(http.MethodGet, req.URL, nil).Body.String()
	_, rest, _ := strings.Cut(page, `name="request" value="`)
	pending, _, _ := strings.Cut(rest, `"`)
	answer := w.do(
		http.MethodPost,
		issuer+"/signin",
		url.Values{"request": {pending}, "username": {"ann"}, "password": {"pw"}, "action": {"signin"}},
	)
	back, err := answer.Result().Location()
	if err != nil {
		w.t.Fatalf("the provider did not send the browser back: %d %v", answer.Code, err)
	}
	code, err := w.client.CheckCallback(req, back.Query())
	if err != nil {
		w.t.Fatal(err)
	}
	tokens, err := w.client.Exchange(ctx, req, code)
	if err != nil {
		w.t.Fatal(err)
	}
	tokens.Set, tokens.SignedInAt = "test", tokens.IssuedAt
	if err := w.store.Save(ctx, id, tokens); err != nil {
		w.t.Fatal(err)
	}
	return tokens
}

func (w *world) do(method, address string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	r.RemoteAddr = "127.0.0.1:1234"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	w.provider.ServeHTTP(rec, r)
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

// calls is a network in which every host is the handler.
type calls struct{ handler http.Handler }

func (c calls) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.RemoteAddr, in.Host = "127.0.0.1:1234", r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	c.handler.ServeHTTP(rec, in)
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// faultyStore is the memory keychain with faults that a real one cannot be
// made to have at a chosen moment.
type faultyStore struct {
	*memory.Store

	mu    sync.Mutex
	fault error // what every call answers, or nil
	saves []auth.Tokens
}

var errLocked = &auth.Error{Kind: auth.KindKeychain, Code: "keychain_locked", What: "the keychain is locked"}

func (s *faultyStore) set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = err
}

func (s *faultyStore) err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

func (s *faultyStore) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	if err := s.err(); err != nil {
		return auth.Tokens{}, err
	}
	return s.Store.Load(ctx, tool)
}

func (s *faultyStore) Save(ctx context.Context, tool string, t auth.Tokens) error {
	if err := s.err(); err != nil {
		return err
	}
	s.mu.Lock()
	s.saves = append(s.saves, t)
	s.mu.Unlock()
	return s.Store.Save(ctx, tool, t)
}

func (s *faultyStore) Delete(ctx context.Context, tool string) error {
	if err := s.err(); err != nil {
		return err
	}
	return s.Store.Delete(ctx, tool)
}

func kindOf(err error) auth.Kind {
	var e *auth.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
