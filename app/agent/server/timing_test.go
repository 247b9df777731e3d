package server

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/internal/wire"
	"keyfob/auth"
	"keyfob/auth/session"
)

// slow takes its time for a token, and watches in vain.
type slow struct {
	Sessions
	takes time.Duration
}

func slowEngine(takes time.Duration) Engine { return Engine{Sessions: slow{takes: takes}} }

func (s slow) Token(ctx context.Context, _ string, _ session.TokenOptions) (agent.Token, error) {
	select {
	case <-time.After(s.takes):
		return agent.Token{Tokens: auth.Tokens{Access: "at last"}}, nil
	case <-ctx.Done():
		return agent.Token{}, ctx.Err()
	}
}

func (s slow) Watch(ctx context.Context) <-chan []session.Snapshot {
	c := make(chan []session.Snapshot)
	go func() {
		defer close(c)
		for {
			select {
			case c <- nil:
			case <-ctx.Done():
				return
			}
			select {
			case <-time.After(s.takes):
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

// long has a session with a name of so many bytes.
type long struct {
	Sessions
	size int
}

func (l long) Status(context.Context) (agent.Status, error) {
	return agent.Status{Snapshots: []session.Snapshot{{Tool: strings.Repeat("x", l.size)}}}, nil
}

// serving connects to e over a pipe, in the bubble's own time. ended is closed
// when the engine has let go of the connection.
func serving(ctx context.Context, e Engine) (conn net.Conn, ended chan struct{}) {
	near, far := net.Pipe()
	ended = make(chan struct{})
	s := newServer(e)
	g := s.admit(far)
	go func() { s.serve(ctx, g); close(ended) }()
	return near, ended
}

// TestSlowEngine waits much longer than any deadline for an engine that is at
// work, as it is while a provider is slow.
func TestSlowEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		conn, ended := serving(t.Context(), slowEngine(time.Minute+time.Millisecond))
		r, err := wire.Exchange(t.Context(), conn, wire.OpToken, wire.TokenRequest{}, nil)
		if err != nil || r.Tokens == nil || r.Tokens.Access != "at last" {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took != time.Minute+time.Millisecond {
			t.Errorf("took %v", took)
		}
		_ = conn.Close()
		<-ended
	})
}

// TestQuietWatch watches for a day in which nothing happens after the first
// look.
func TestQuietWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
		defer cancel()
		conn, ended := serving(t.Context(), slowEngine(48*time.Hour))
		calls := 0
		_, err := wire.Exchange(ctx, conn, wire.OpWatch, wire.Nothing{}, func(wire.SessionsReply) error { calls++; return nil })
		if !errors.Is(err, context.DeadlineExceeded) || calls != 1 {
			t.Errorf("got %v after %d calls", err, calls)
		}
		<-ended
	})
}

// TestSilentClient connects and never finishes its request.
func TestSilentClient(t *testing.T) {
	for _, sends := range []string{"", `{"v":2,`} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			conn, ended := serving(t.Context(), Engine{})
			_, _ = io.WriteString(conn, sends)
			<-ended
			if took := time.Since(began); took != wire.RequestWithin {
				t.Errorf("%q was held for %v", sends, took)
			}
		})
	}
}

// TestDeafClient asks for a stream and never reads it.
func TestDeafClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		conn, ended := serving(t.Context(), slowEngine(time.Millisecond))
		_, _ = io.WriteString(conn, `{"v":2,"op":"watch"}`+"\n")
		<-ended
		if took := time.Since(began); took > 2*wire.WriteWithin {
			t.Errorf("was held for %v", took)
		}
	})
}

// TestLeavesAtOnce checks that the engine stops working for a client in the
// moment that it leaves, not at the next "wait".
func TestLeavesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, ended := serving(t.Context(), slowEngine(time.Hour))
		_, _ = io.WriteString(conn, `{"v":2,"op":"token"}`+"\n")
		synctest.Wait()
		began := time.Now()
		_ = conn.Close()
		<-ended
		if took := time.Since(began); took != 0 {
			t.Errorf("went on for %v", took)
		}
	})
}

// TestEngineEndsMeanwhile ends the engine while clients are at every stage.
func TestEngineEndsMeanwhile(t *testing.T) {
	for _, sends := range []string{"", `{"v":2,`, `{"v":2,"op":"token"}` + "\n", `{"v":2,"op":"watch"}` + "\n"} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			conn, ended := serving(ctx, slowEngine(time.Hour))
			go func() { _, _ = io.Copy(io.Discard, conn) }()
			_, _ = io.WriteString(conn, sends)
			synctest.Wait()
			began := time.Now()
			cancel()
			<-ended
			if took := time.Since(began); took != 0 {
				t.Errorf("%q was held for %v", sends, took)
			}
		})
	}
}

// TestLongReply asks for more than fits into a line. Both ends work as long as
// they like on that: the time is the bubble's own.
func TestLongReply(t *testing.T) {
	for _, tt := range []struct {
		size int
		want auth.Kind
	}{{2 << 20, ""}, {wire.MaxReply, auth.KindFailed}} {
		synctest.Test(t, func(t *testing.T) {
			conn, ended := serving(t.Context(), Engine{Sessions: long{size: tt.size}})
			if _, err := wire.Exchange(t.Context(), conn, wire.OpStatus, wire.CallerRequest{}, nil); auth.KindOf(err) != tt.want {
				t.Errorf("%d bytes: %v", tt.size, err)
			}
			_ = conn.Close()
			<-ended
		})
	}
}
