package engine_test

import (
	"context"
	"errors"
	"testing"

	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestASignInAfterOneThatIsGivenUp begins anew: whoever gives up and tries again at
// once must not be told that the second try was given up as well.
func TestASignInAfterOneThatIsGivenUp(t *testing.T) {
	for _, how := range []string{"menu", "caller"} {
		t.Run(how, func(t *testing.T) {
			opened, release := make(chan struct{}, 2), make(chan struct{})
			env := newLoopbackEnvironment(t, func(c *engine.Config) {
				c.OpenBrowser = func(context.Context, string) error { opened <- struct{}{}; <-release; return nil }
			})
			begin := func(ctx context.Context) <-chan error {
				done := make(chan error, 1)
				go func() { done <- env.SignIn(ctx, "ends", session.SignInOptions{}) }()
				return done
			}
			first, giveUp := context.WithCancel(t.Context())
			defer giveUp()
			one := begin(first)
			<-opened
			if how == "caller" {
				giveUp()
				if err := <-one; !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
			} else if err := env.CancelSignIn(t.Context(), "ends"); err != nil {
				t.Fatal(err)
			}
			second, end := context.WithCancel(t.Context())
			two := begin(second) // while the first one has not ended
			close(release)
			select {
			case <-opened:
			case err := <-two:
				t.Fatalf("the second try ended with %v", err)
			}
			end()
			<-two
		})
	}
}
