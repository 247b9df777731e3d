//go:build !(linux || freebsd || openbsd || netbsd || windows)

package presence

import "context"

// watch knows nothing yet on macOS: nothing counts as locked, and
// a sleep is noticed by the clock within half a minute of waking.
func watch(ctx context.Context, out chan<- State) {
	select {
	case out <- State{}:
	case <-ctx.Done():
	}
	<-ctx.Done()
}
