package daemon

import (
	"context"
	"errors"

	"keyfob/app/agent/server"
)

// keepSocket has clients find the engine again when somebody, or a program that
// cleans up, has removed its socket, until ctx ends. One that is of no use ends, and
// the next command starts another.
func (d *Daemon) keepSocket(ctx context.Context) {
	d.listener.Watch(ctx, func() {
		if d.life.idle(ctx) {
			d.life.note(func() {}) // which has it look
			return
		}
		// Where another engine is there already, this one waits for its end.
		if err := d.listener.Restore(); err != nil && !errors.Is(err, server.ErrRunning) {
			d.report(err)
		}
	})
}
