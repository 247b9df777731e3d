//go:build unix

package server_test

import (
	"context"
	"testing"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/session"
)

// untilEnd answers when the engine ends, that it does.
type untilEnd struct {
	server.Sessions
	asked chan struct{}
	says  func(context.Context) error
}

func (e untilEnd) Token(ctx context.Context, _ string, _ session.TokenOptions) (agent.Token, error) {
	e.asked <- struct{}{}
	<-ctx.Done()
	return agent.Token{}, e.says(ctx)
}

// TestAnEngineThatEndsUnderARequest has its client ask the next one, and never says
// that the person has cancelled what nobody cancelled.
func TestAnEngineThatEndsUnderARequest(t *testing.T) {
	for name, says := range map[string]func(context.Context) error{
		"a cancelled request": func(ctx context.Context) error { return ctx.Err() },
		"stopped sessions": func(context.Context) error {
			return &auth.Error{Kind: auth.KindTransient, Code: auth.CodeStopped, What: "keyfob is shutting down"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			next, closed := 0, make(chan struct{})
			c := agent.New(agent.Config{Dir: dir, Start: func(context.Context) error {
				next++
				<-closed
				serve(t, dir, server.Engine{Sessions: nextOne{}})
				return nil
			}})
			l, err := server.Listen(dir)
			if err != nil {
				t.Fatal(err)
			}
			first := untilEnd{asked: make(chan struct{}), says: says}
			ctx, cancel := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func() {
				err := l.Serve(ctx, server.Engine{Sessions: first})
				_ = l.Close()
				close(closed)
				served <- err
			}()
			go func() { <-first.asked; cancel() }()
			got, err := c.Token(t.Context(), "a", session.TokenOptions{})
			if err != nil || got.Access != "next" || next != 1 {
				t.Errorf("%v, %v, %d further engines", got, err, next)
			}
			if err := <-served; err != nil {
				t.Error(err)
			}
		})
	}
}

// nextOne is the next engine.
type nextOne struct{ server.Sessions }

func (nextOne) Token(context.Context, string, session.TokenOptions) (agent.Token, error) {
	return agent.Token{Tokens: auth.Tokens{Access: "next"}}, nil
}
