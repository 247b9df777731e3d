package loopback_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/loopback"
)

func TestWaitEnds(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		end        func(l *loopback.Listener) (context.Context, context.CancelFunc)
	}{
		{"nobody answers", "timeout", func(*loopback.Listener) (context.Context, context.CancelFunc) {
			return context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		}},
		{"cancelled", "canceled", func(*loopback.Listener) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return ctx, cancel
		}},
		{"closed", "canceled", func(l *loopback.Listener) (context.Context, context.CancelFunc) {
			_ = l.Close()
			return context.WithCancel(t.Context())
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/callback"})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			ctx, cancel := tt.end(l)
			defer cancel()
			_, err = l.Wait(ctx, state)
			var e *auth.Error
			if !errors.As(err, &e) || e.Kind != auth.KindCanceled || e.Code != tt.code {
				t.Errorf("err = %#v", err)
			}
		})
	}
}

func TestEmptyStateIsNeverWaitedFor(t *testing.T) {
	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/callback"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := l.Wait(t.Context(), ""); err == nil {
		t.Error("waited for an empty state")
	}
}

func TestClosesWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	l, err := loopback.Listen(ctx, loopback.Options{Redirect: "http://127.0.0.1/callback"})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	_, err = l.Wait(t.Context(), state) // ends when the listener closes
	if auth.KindOf(err) != auth.KindCanceled {
		t.Errorf("err = %v", err)
	}
	if err := l.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if c, err := net.Dial("tcp", host(t, l)); err == nil {
		_ = c.Close()
		t.Error("the port still answers")
	}
}
