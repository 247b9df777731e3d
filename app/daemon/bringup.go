package daemon

import (
	"context"
	"errors"
	"slices"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
)

// BringUp has the engine that runs show itself, and returns what became of that
// in a sentence.
func BringUp(ctx context.Context, dir string) (said string, err error) {
	client, err := dialStarting(ctx, dir)
	if err != nil {
		return "", err
	}
	defer func() { _ = client.Close() }()
	switch err := client.Show(ctx); {
	case err == nil:
		return "keyfob is already running: its window opens", nil
	case slices.Contains(auth.WindowCodes(), auth.AsError(err).Code):
		return "keyfob is already running: its icon is in the tray, but " + err.Error(), nil
	case auth.AsError(err).Code == auth.CodeNoTray:
		return "keyfob is already running, without a tray: stop `keyfob agent` first to get one", nil
	default:
		return "", err
	}
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
				Do:   "end it and start it again",
				Who:  auth.WhoYou,
				Err:  err,
			}
		}
	}
}
