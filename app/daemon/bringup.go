package daemon

import (
	"context"
	"errors"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
)

// BringUp has the engine that runs show itself on the desktop with that
// environment, and returns what became of that in a sentence.
func BringUp(ctx context.Context, c agent.Config, environment map[string]string) (said string, err error) {
	client, err := dialStarting(ctx, c.Dir)
	if err != nil {
		return "", err
	}
	_ = client.Close()
	c.Start = nil
	return agent.New(c).Promote(ctx, environment)
}

// dialStarting connects to an engine of which is known that it runs. One that
// has just been started may not listen yet.
func dialStarting(ctx context.Context, dir string) (*agent.Client, error) {
	const wait, every = 5 * time.Second, 25 * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		client, err := agent.Dial(ctx, dir)
		if !errors.Is(err, agent.ErrNoAgent) {
			return client, err
		}
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return nil, &auth.Error{
				Kind: auth.KindTransient,
				Code: auth.CodeAgentSilent,
				What: "keyfob is already running and cannot be reached",
				Do:   "try again in half a minute, or end the process keyfob-tray",
				Who:  auth.WhoYou,
				Err:  err,
			}
		}
	}
}
