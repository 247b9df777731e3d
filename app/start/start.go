package start

import (
	"context"
	"errors"
	"strings"
	"time"

	"keyfob/app/agent"
	"keyfob/app/lock"
	"keyfob/app/ownfolder"
	"keyfob/app/process"
)

// lockFile is the lock of whoever starts an engine. The engine's own lock sees to
// it that there is one; this one spares fifty commands fifty engines that find
// that out.
const lockFile = "start.lock"

// within is how long a start may take in all, so that a command says within five
// seconds what went wrong.
const within = 4500 * time.Millisecond

// Whoever waits for another one's engine looks for it after firstPause, and then
// less and less often, up to longestPause.
const (
	firstPause   = 2 * time.Millisecond
	longestPause = 25 * time.Millisecond
)

// startAgain is when another start is tried, where an engine was found that did not
// listen: it may have ended since.
const startAgain = time.Second

// killsMost is how many engines may be killed at their start until that is told.
const killsMost = 5

// Config is what an engine is started with.
type Config struct {
	Dir      string   // the folder of socket and locks
	Settings string   // the absolute path of the settings file for --config, or empty for the usual one
	Program  string   // what [Beside] or [Itself] returns
	Env      []string // the caller's environment, as of [os.Environ]
}

// getenv is a variable of the caller's environment.
func (c Config) getenv(name string) string {
	for _, v := range c.Env {
		if n, value, ok := strings.Cut(v, "="); ok && n == name {
			return value
		}
	}
	return ""
}

// Engine returns nil when an engine answers in c.Dir: one that it started, or that
// somebody else did meanwhile. It takes five seconds at most. Its errors are
// [*auth.Error]s: what the engine says that kept it from running, why none could be
// started, or what is wrong with folder and socket.
func Engine(ctx context.Context, c Config) error {
	if err := process.MayStart(c.getenv); err != nil {
		return err
	}
	if err := ownfolder.Make(c.Dir); err != nil {
		return err
	}
	began := time.Now()
	var running time.Time // when an engine was found that did not listen yet
	for pause, kills := firstPause, 0; ; pause = min(2*pause, longestPause) {
		l, err := lock.Try(c.Dir, lockFile)
		switch {
		case errors.Is(err, lock.ErrBusy), err == nil && time.Since(running) < startAgain:
			err = answers(ctx, c.Dir)
		case err == nil:
			err = startUnder(ctx, c, began)
		}
		if l != nil {
			_ = l.Release()
		}
		switch {
		case errors.Is(err, errRunning):
			running = time.Now()
		case errors.Is(err, errKilled) && kills < killsMost:
			kills++
		case errors.Is(err, errKilled):
			return died(c.Program)
		case !errors.Is(err, agent.ErrNoAgent):
			return err
		}
		if time.Since(began) > within {
			return tooSlow(!running.IsZero())
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return canceled(ctx)
		}
	}
}

// startUnder starts an engine unless one answers. This process holds the lock.
func startUnder(ctx context.Context, c Config, began time.Time) error {
	if err := answers(ctx, c.Dir); !errors.Is(err, agent.ErrNoAgent) {
		return err
	}
	return launch(ctx, c, began.Add(within))
}

// answers returns nil when an engine takes callers, [agent.ErrNoAgent] when there
// is none, else what is wrong.
func answers(ctx context.Context, dir string) error {
	client, err := agent.Dial(ctx, dir)
	if err != nil {
		return err
	}
	return client.Close()
}
