//go:build unix

package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/inspect/parse"
	"keyfob/auth/session"
)

func TestRoundTrip(t *testing.T) {
	dir := folder(t)
	quit := make(chan struct{})
	e := engine()
	e.Quit = func() { close(quit) }
	serve(t, dir, e)
	c, ctx := dial(t, dir), t.Context()

	if got, err := c.Status(ctx); err != nil || !reflect.DeepEqual(got.Snapshots, snapshots()) {
		t.Errorf("status: %+v, %v", got, err)
	}
	want := tokens()
	want.Refresh, want.Set = "", "plant4 1m0s"
	if got, err := c.Token(ctx, "plant4", session.TokenOptions{MinValid: time.Minute}); err != nil ||
		!reflect.DeepEqual(got, agent.Token{Tokens: want, Address: "https://plant4.example.com"}) {
		t.Errorf("token: %v", err)
	}
	if got, err := c.Inspect(ctx, "plant4"); err != nil ||
		!reflect.DeepEqual(got, parse.Tokens(tokens(), auth.Tool{ID: "plant4", Scopes: []string{"openid"}}, time.Time{})) {
		t.Errorf("inspect: %+v, %v", got, err)
	}
	var steps []session.Step
	err := c.Login(
		ctx,
		"plant4",
		session.SignInOptions{
			NoBrowser:     true,
			Prompt:        "consent",
			Offline:       true,
			SwitchAccount: true,
			Progress:      func(s session.Step) { steps = append(steps, s) },
		},
	)
	if wantSteps := []session.Step{{Name: "browser", Detail: "plant4 true consent true true"}, {Name: "stored"}}; err != nil ||
		!reflect.DeepEqual(steps, wantSteps) {
		t.Errorf("login: %v, %v", steps, err)
	}
	if err := c.Login(ctx, "plant4", session.SignInOptions{}); err != nil {
		t.Errorf("login without progress: %v", err)
	}
	logout := func(ctx context.Context, tool string) error {
		p, err := c.Logout(ctx, tool, session.SignOutOptions{Browser: true})
		want := session.SignOutResult{Words: []string{tool + " false true"}, Incomplete: true, Rule: "so"}
		if !reflect.DeepEqual(p, want) {
			t.Errorf("beside the error: %+v", p)
		}
		return err
	}
	copyToken := func(ctx context.Context, tool string) error { return c.Copy(ctx, tool, agent.CopyToken) }
	for op, f := range map[string]func(context.Context, string) error{
		"cancel": c.Cancel, "logout": logout, "later": c.Later, "home": c.Home, "reopen": c.Reopen, "copy ": copyToken,
	} {
		want := &auth.Error{
			Kind:       auth.KindDenied,
			Code:       op,
			What:       op + " plant4",
			Do:         "nothing",
			Who:        auth.WhoAdmin,
			RetryAfter: time.Minute,
		}
		if got := f(ctx, "plant4"); !reflect.DeepEqual(got, error(want)) {
			t.Errorf("%s: %v", op, got)
		}
	}
	if err := c.Show(ctx); err != nil {
		t.Errorf("show: %v", err)
	}
	var seen []int
	enough := errors.New("enough")
	err = c.Watch(ctx, func(s []session.Snapshot) error {
		if seen = append(seen, len(s)); len(seen) == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || !reflect.DeepEqual(seen, []int{0, 1, 2}) {
		t.Errorf("watch: %v, %v", seen, err)
	}
	if err := c.Quit(ctx); err != nil {
		t.Errorf("quit: %v", err)
	}
	<-quit
}

// TestWire reads what crosses the socket byte by byte.
func TestWire(t *testing.T) {
	dir := folder(t)
	serve(t, dir, engine())
	conn := raw(t, dir)
	if _, err := io.WriteString(conn, `{"v":2,"op":"token","tool":"plant4","a_field_of_later":1}`+"\n"); err != nil {
		t.Fatal(err)
	}
	line, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		V      int
		OK     bool
		Tokens struct{ Access string }
	}
	if err := json.Unmarshal(line, &got); err != nil || got.V != 2 || !got.OK || got.Tokens.Access != tokens().Access.Reveal() {
		t.Errorf("answer: %v", err)
	}
	if bytes.Contains(line, []byte("canary")) {
		t.Error("the refresh token left the engine")
	}
}

// TestInspectionOnTheWire holds that no token crosses the socket for it.
func TestInspectionOnTheWire(t *testing.T) {
	dir := folder(t)
	serve(t, dir, engine())
	conn := raw(t, dir)
	if _, err := io.WriteString(conn, `{"v":2,"op":"inspect","tool":"plant4"}`+"\n"); err != nil {
		t.Fatal(err)
	}
	line, err := io.ReadAll(conn)
	if err != nil || !bytes.Contains(line, []byte(`"inspection"`)) {
		t.Fatalf("answer: %v", err)
	}
	for _, secret := range []string{"canary", strings.Repeat("a", 32), strings.Repeat("i", 31)} {
		if bytes.Contains(line, []byte(secret)) {
			t.Errorf("%s… left the engine", secret[:6])
		}
	}
}

func TestEngineWithoutTray(t *testing.T) {
	dir := folder(t)
	e := engine()
	e.Desktop = nil
	serve(t, dir, e)
	c, ctx := dial(t, dir), t.Context()
	for op, err := range map[string]error{
		"later": c.Later(ctx, "a"), "copy": c.Copy(ctx, "a", agent.CopyToken), "home": c.Home(ctx, "a"),
		"reopen": c.Reopen(ctx, "a"), "show": c.Show(ctx), "quit": c.Quit(ctx),
	} {
		if auth.KindOf(err) != auth.KindUsage {
			t.Errorf("%s: %v", op, err)
		}
	}
}

// TestHangingUp checks that a client which hangs up no longer waits for anything,
// whether it was killed or its context ended.
func TestHangingUp(t *testing.T) {
	dir := folder(t)
	began, ended := make(chan string), make(chan string)
	serve(t, dir, server.Engine{Sessions: endless{began: began, ended: ended}})

	for _, op := range []string{"login", "token"} {
		conn := raw(t, dir)
		if _, err := fmt.Fprintf(conn, `{"v":2,"op":%q,"tool":"killed"}`+"\n", op); err != nil {
			t.Fatal(err)
		}
		<-began
		_ = conn.Close()
		<-ended
	}
	c := dial(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { result <- c.Login(ctx, "cancelled", session.SignInOptions{}) }()
	<-began
	cancel()
	<-ended
	if err := <-result; !errors.Is(err, context.Canceled) || auth.KindOf(err) != auth.KindCanceled {
		t.Errorf("cancelled: %v", err)
	}
	if err := c.Login(ctx, "before", session.SignInOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
}

// TestEngineEnds checks what a client is told when the engine ends under it.
func TestEngineEnds(t *testing.T) {
	dir := folder(t)
	l, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	e := engine()
	ended := make(chan error, 1)
	go func() { ended <- l.Serve(ctx, e) }()
	c := dial(t, dir)
	err = c.Watch(t.Context(), func(s []session.Snapshot) error {
		if len(s) == 2 {
			cancel()
		}
		return nil
	})
	if auth.KindOf(err) != auth.KindTransient {
		t.Errorf("watch: %v", err)
	}
	if err := errors.Join(<-ended, l.Close()); err != nil {
		t.Error(err)
	}
	if _, err := c.Status(t.Context()); !errors.Is(err, agent.ErrNoAgent) {
		t.Errorf("afterwards: %v", err)
	}
}
