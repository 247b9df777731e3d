package cli_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/auth"
	"keyfob/auth/session"
)

// impatient is an engine whose caller presses Ctrl-C: every answer is what its
// context says, bare or as an engine over the socket says it.
type impatient struct {
	press context.CancelFunc
	as    func(error) error
}

func (i impatient) answer(ctx context.Context) error { i.press(); return i.as(ctx.Err()) }

func (i impatient) Status(ctx context.Context) (agent.Status, error) {
	return agent.Status{}, i.answer(ctx)
}

func (i impatient) Token(ctx context.Context, _ string, _ session.TokenOptions) (agent.Token, error) {
	return agent.Token{}, i.answer(ctx)
}

func (i impatient) Forget(ctx context.Context, _ string) ([]string, error) {
	return nil, i.answer(ctx)
}

func (i impatient) Login(ctx context.Context, _ string, _ session.SignInOptions) error {
	return i.answer(ctx)
}

func (i impatient) Logout(ctx context.Context, _ string, _ session.SignOutOptions) (session.SignOutResult, error) {
	return session.SignOutResult{}, i.answer(ctx)
}

// TestCancelled ends each verb with Ctrl-C: nobody is shown a context's words.
func TestCancelled(t *testing.T) {
	for kind, as := range map[string]func(error) error{
		"bare":    func(err error) error { return err },
		"wrapped": func(err error) error { return fmt.Errorf("waiting: %w", err) },
		"socket": func(err error) error {
			return &auth.Error{Kind: auth.KindCanceled, Code: "canceled", What: "cancelled before it was done", Err: err}
		},
	} {
		for line, want := range map[string]string{
			"login x":      "keyfob: the sign-in was cancelled\n",
			"token x":      "keyfob: cancelled before it was done\n",
			"status":       "keyfob: cancelled before it was done\n",
			"logout x":     "keyfob: cancelled before it was done\n",
			"logout --all": "keyfob: cancelled before it was done\n",
		} {
			ctx, press := context.WithCancel(t.Context())
			var said strings.Builder
			err := run(ctx, t, line, impatient{press, as}, cli.Env{Out: io.Discard, Err: io.Discard, Now: func() time.Time { return noon }})
			if code := cli.Report(&said, err); code != cli.ExitFailed || said.String() != want {
				t.Errorf("%s, %s: %d, %q", line, kind, code, said.String())
			}
			press()
		}
	}
}
