package daemon

import (
	"context"
	"errors"
	"sync"
	"time"

	"keyfob/app/agent/server"
	"keyfob/app/handover"
	"keyfob/auth"
	"keyfob/auth/engine"
)

// What the menu says of another program in this one's place.
const (
	updateWaits  = "Keyfob was updated: it restarts when nothing is in progress"
	updateFailed = "Keyfob was updated, but the new version does not start"
)

// busyAgain is how long an engine that was busy in the last moment waits before it
// tries again to hand over.
const busyAgain = 30 * time.Second

// update is another program that stands in the place of this one, as far as it
// has come.
type update struct {
	program *handover.Program                     // this one's; nil where nobody takes over
	next    func(shown bool) (args, env []string) // what the next engine is started with

	mu   sync.Mutex
	says string
}

// Update is what the menu says of a program that was installed over this one, or
// empty.
func (d *Daemon) Update() string {
	d.update.mu.Lock()
	defer d.update.mu.Unlock()
	return d.update.says
}

// says has the menu say it.
func (d *Daemon) says(ctx context.Context, text string) {
	d.update.mu.Lock()
	changed := d.update.says != text
	d.update.says = text
	d.update.mu.Unlock()
	if changed {
		good, _ := d.settings.Last()
		_ = d.settings.Apply(ctx, good) // which draws the menu anew
	}
}

// otherVersion is called when somebody asks in another version of the protocol: a
// new program may have been installed where changes of files are not told.
func (d *Daemon) otherVersion() {
	if d.update.program != nil {
		d.update.program.LookAgain()
	}
}

// followProgram hands over to each program that takes the place of this one, until
// ctx ends.
func (d *Daemon) followProgram(ctx context.Context) {
	if d.update.program != nil {
		d.update.program.Watch(ctx, d.handOver)
	}
}

// handOver waits until nothing is under way, and has the program that stands in
// this one's place take over.
func (d *Daemon) handOver(ctx context.Context) {
	d.says(ctx, updateWaits)
	for {
		if d.sessions.Idle(ctx) != nil || d.listener.Quiet(ctx) != nil {
			return
		}
		err := d.giveTo(ctx)
		switch {
		case err == nil:
			d.listener.Given()
			d.leave()
			return
		case ctx.Err() != nil:
			return
		case errors.Is(err, handover.ErrSame): // it was put back
			d.says(ctx, "")
			return
		case !errors.Is(err, handover.ErrBusy):
			d.report(err)
			d.says(ctx, updateFailed)
			return
		}
		select {
		case <-time.After(busyAgain):
		case <-ctx.Done():
			return
		}
	}
}

func (d *Daemon) giveTo(ctx context.Context) error {
	claim, socket, err := d.listener.Files()
	if err != nil {
		return auth.AsError(err)
	}
	if socket != nil {
		defer func() { _ = socket.Close() }()
	}
	e := handover.Engine{Lock: claim, Socket: socket, Stop: d.stop}
	e.Args, e.Env = d.update.next(d.life.seen())
	return d.update.program.Over(ctx, e)
}

// stop implements the Stop of a [handover.Engine].
func (d *Daemon) stop(ctx context.Context) (held []handover.Held, goOn func(), err error) {
	if err := d.listener.Pause(ctx); err != nil {
		return nil, nil, err
	}
	resume := func() {
		if err := d.listener.Resume(); err != nil {
			d.report(err)
			d.leave()
		}
	}
	all, release, err := d.sessions.Hold(ctx)
	if err != nil {
		resume()
		return nil, nil, err
	}
	for _, h := range all {
		held = append(held, handover.Held(h))
	}
	return held, func() { release(); resume() }, nil
}

// takeOver makes this process the user's engine in the place of the one that has
// started it. A process that cannot read the settings refuses: the other one has
// good ones, perhaps.
func takeOver(ctx context.Context, c Config, problem *auth.Error, begin func(held []engine.Held)) (*server.Listener, error) {
	i := c.Inherited
	if problem != nil {
		i.Refuse(problem)
		return nil, problem
	}
	all, err := i.Prepared(ctx)
	if err != nil {
		i.Refuse(err)
		return nil, err
	}
	listener, err := server.Adopt(c.Parts.Dir, i.Lock, i.Socket)
	if err != nil {
		i.Refuse(err)
		return nil, err
	}
	var held []engine.Held
	for _, h := range all {
		held = append(held, engine.Held(h))
	}
	begin(held)
	if err := i.Ready(ctx); err != nil {
		listener.Given() // it is the other one's still
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}
