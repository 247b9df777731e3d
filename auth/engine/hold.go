package engine

import "context"

// Hold waits until no operation is under way and then stops everything, until
// release is called: whoever asks for something waits, and nothing happens by
// itself. It returns what would be lost with this process then. So an engine that
// hands over can give its sessions away without changing them afterwards.
func (m *Manager) Hold(ctx context.Context) (held []Held, release func(), err error) {
	type answer struct {
		held []Held
		idle bool
	}
	for {
		if err := m.Idle(ctx); err != nil {
			return nil, nil, err
		}
		answers, goOn := make(chan answer, 1), make(chan struct{})
		select {
		case m.loop.calls <- func(run context.Context) {
			if m.loop.busy > 0 { // something has begun since
				answers <- answer{}
				return
			}
			answers <- answer{m.loop.inMemory(), true}
			select { // nothing is done in any other goroutine but the loop's
			case <-goOn:
			case <-run.Done():
			}
		}:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-m.loop.ended:
			return nil, nil, stopped()
		}
		if a := <-answers; a.idle {
			return a.held, func() { close(goOn) }, nil
		}
	}
}
