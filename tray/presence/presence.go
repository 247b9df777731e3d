// Package presence tells when the screen is locked, so that nobody sees what is
// shown, and when the machine has woken.
//
// It owns its connections to the desktop, and only listens on them. It must
// never start a service, never keep the machine awake or the screen unlocked.
// Keyfob has to work without it: if the desktop says nothing, the screen counts as
// unlocked, and the engine notices a sleep by the clock.
package presence

import "context"

// State is what the desktop says.
type State struct {
	// Locked is set while the screen is locked or blanked.
	Locked bool
	// Wakes counts how often the machine has woken, or its network come back,
	// since Watch began.
	Wakes int
}

// Watch tells the state, once it is known and after each change. The first one
// comes within a few seconds whatever the desktop does. A slow reader gets the
// latest. The channel is closed when ctx ends.
func Watch(ctx context.Context) <-chan State {
	out := make(chan State)
	go func() {
		defer close(out)
		watch(ctx, out)
	}()
	return out
}
