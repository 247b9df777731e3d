package app

import (
	"context"
	"errors"
	"time"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/session"
)

// justBefore is how long before this process began another one may have got
// its tokens and still be at storing them.
const justBefore = 5 * time.Second

// turn is the right to open a browser for a tool while no engine runs: one
// process at a time. It is another lock than the session's, so that whoever
// wants a token does not wait for a person.
type turn struct {
	joined  bool // another process signed in meanwhile: nothing is left to do
	release func()
}

// takeTurn waits until no other process has a sign-in to the tool under way, and
// says whether one of those succeeded.
func (h host) takeTurn(ctx context.Context, tool string, wait time.Duration, s *config.Settings, dir string) (turn, error) {
	free := turn{release: func() {}}
	if !has(s, tool) {
		return free, nil
	}
	began, file := h.now(), "signin-"+tool+".lock"
	k, err := lock.Try(dir, file)
	if !errors.Is(err, lock.ErrBusy) {
		if err == nil {
			free.release = func() { _ = k.Release() }
		}
		return free, err
	}
	_ = cli.Say(h.err, "another `keyfob login "+tool+"` is waiting for you in the browser; this one ends with it")
	within, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if k, err = lock.Wait(within, dir, file); err != nil {
		switch {
		case ctx.Err() != nil:
			return free, &auth.Error{
				Kind: auth.KindCanceled,
				Code: auth.CodeCanceled,
				What: "the wait for the sign-in was cancelled",
				Who:  auth.WhoYou,
				Err:  ctx.Err(),
			}
		case errors.Is(err, lock.ErrBusy):
			return free, &auth.Error{
				Kind: auth.KindCanceled,
				Code: auth.CodeTimeout,
				What: "nobody signed in within " + wait.String(),
				Do:   "run the command again",
				Who:  auth.WhoYou,
				Err:  err,
			}
		}
		return free, err
	}
	stored, err := h.keychain.Load(within, tool)
	return turn{
		joined:  err == nil && stored.SignedInAt.After(began.Add(-justBefore)),
		release: func() { _ = k.Release() },
	}, nil
}

func has(s *config.Settings, tool string) bool {
	for _, t := range s.Tools {
		if t.ID == tool {
			return true
		}
	}
	return false
}

// joined is an engine for a sign-in that another process has done.
type joined struct{ cli.Engine }

// Login implements [cli.Engine].
func (joined) Login(context.Context, string, session.SignInOptions) error { return nil }
