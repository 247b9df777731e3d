//go:build unix

package agent_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/inspect/parse"
	"keyfob/auth/session"
)

// folder returns a folder whose path leaves room for a socket's name.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "kf")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "keyfob")
}

// engine is one whose every answer can be told from the others'.
func engine() agent.Engine {
	return agent.Engine{Sessions: answers{}, Desktop: answers{}}
}

// answers are an engine's answers, each of which says what was asked.
type answers struct{}

func (answers) Status(context.Context) ([]session.Snapshot, error) { return snapshots(), nil }

func (answers) Watch(ctx context.Context) <-chan []session.Snapshot {
	c := make(chan []session.Snapshot)
	go func() {
		defer close(c)
		for n := range 3 {
			select {
			case c <- snapshots()[:n]:
			case <-ctx.Done():
				return
			}
		}
		<-ctx.Done()
	}()
	return c
}

func (answers) Token(_ context.Context, tool string, atLeast time.Duration) (auth.Tokens, error) {
	t := tokens()
	t.Set = fmt.Sprint(tool, " ", atLeast)
	return t, nil
}

func (answers) Inspect(_ context.Context, tool string) (inspect.Inspection, error) {
	return parse.Tokens(tokens(), auth.Tool{ID: tool, Scopes: []string{"openid"}}, time.Time{}), nil
}

func (answers) SignIn(_ context.Context, tool string, o session.SignInOptions) error {
	asked := fmt.Sprint(tool, " ", o.NoBrowser, " ", o.Prompt, " ", o.Offline, " ", o.SwitchAccount)
	o.Progress(session.Step{Name: session.StepBrowser, Detail: asked})
	o.Progress(session.Step{Name: session.StepStored})
	return nil
}

func (answers) SignOut(_ context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	asked := fmt.Sprint(tool, " ", o.Local, " ", o.Browser)
	return session.SignOutResult{Words: []string{asked}, Incomplete: true, Rule: "so"}, refusal("logout", tool)
}

func (answers) CancelSignIn(_ context.Context, tool string) error { return refusal("cancel", tool) }

func (answers) Copy(_ context.Context, tool string, as agent.CopyAs) error {
	return refusal("copy "+string(as), tool)
}

func (answers) Later(_ context.Context, tool string) error  { return refusal("later", tool) }
func (answers) Home(_ context.Context, tool string) error   { return refusal("home", tool) }
func (answers) Reopen(_ context.Context, tool string) error { return refusal("reopen", tool) }
func (answers) Show(context.Context) error                  { return nil }

// refusal is an error that names what was asked, in which nothing is left out.
func refusal(op, tool string) error {
	return &auth.Error{
		Kind:       auth.KindDenied,
		Code:       op,
		What:       op + " " + tool,
		Do:         "nothing",
		Who:        auth.WhoAdmin,
		RetryAfter: time.Minute,
	}
}

func snapshots() []session.Snapshot {
	at := time.Date(2027, 1, 2, 3, 4, 5, 6, time.UTC)
	return []session.Snapshot{
		{
			Tool:       "plant4",
			Name:       "Plant 4",
			State:      session.Active,
			Account:    "ann@example.com",
			Scopes:     []string{"openid"},
			SignedInAt: at,
			EndsAt:     at,
			Renewal:    &session.Renewal{Mode: session.Manual, Reason: "so"},
		},
		{
			Tool:    "api",
			Name:    "API",
			State:   session.SignedOut,
			Problem: &auth.Error{Kind: auth.KindTransient, Code: "x", What: "y", Do: "z", Who: auth.WhoWait, RetryAfter: time.Second},
		},
	}
}

// tokens is a set of 64 KiB.
func tokens() auth.Tokens {
	at := time.Date(2027, 1, 2, 3, 4, 5, 6, time.UTC)
	return auth.Tokens{
		Access: auth.Secret(
			strings.Repeat("a", 32<<10),
		), ID: auth.Secret(strings.Repeat("i", 31<<10)), Refresh: "canary-of-the-refresh-token", Type: "Bearer",
		Account: auth.Account{Issuer: "https://sso.example.com", Subject: "1", Email: "ann@example.com"}, Scopes: []string{"openid"},
		SignedInAt: at, IssuedAt: at, Expiry: at.Add(time.Hour), RefreshExpiry: at.Add(time.Hour), Set: "set",
	}
}

// serve runs an engine in dir until the test ends.
func serve(t *testing.T, dir string, e agent.Engine) {
	t.Helper()
	l, err := agent.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Serve(ctx, e) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, l.Close()); err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(filepath.Join(dir, "agent.sock")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the socket outlived the engine: %v", err)
		}
	})
}

func dial(t *testing.T, dir string) *agent.Client {
	t.Helper()
	c, err := agent.Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// patiently asks again for as long as a machine under load takes longer to
// answer than a client waits.
func patiently(f func() error) error {
	for {
		if err := f(); err == nil || auth.AsError(err).Code != "agent_silent" {
			return err
		}
	}
}

// isAnswered asks the engine as one more client.
func isAnswered(t *testing.T, dir string) error {
	t.Helper()
	return patiently(func() error { return second(dial(t, dir).Status(t.Context())) })
}

// raw connects without the client, for what the client would never send.
func raw(t *testing.T, dir string) net.Conn {
	t.Helper()
	conn, err := net.Dial("unix", filepath.Join(dir, "agent.sock"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
