package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync/atomic"
	"time"
)

const (
	// drawWithin is how long a window may take to show its first page, or the next
	// one that it was told of.
	drawWithin = 10 * time.Second

	// killWithin bounds the wait for a program that was killed: one that hangs in a
	// driver may not even die.
	killWithin = 2 * time.Second
)

// timer tells when drawWithin has passed, unless it is stopped.
type timer func() (late <-chan time.Time, stop func() bool)

func newTimer() (late <-chan time.Time, stop func() bool) {
	t := time.NewTimer(drawWithin)
	return t.C, t.Stop
}

// windowRun is one run of the window program. Its goroutine ends the program when
// it owes a page for too long.
type windowRun struct {
	input  *os.File // what the program reads
	output *windowOutput
	told   atomic.Int64  // how many pages it is to show; the first by its arguments
	asked  chan struct{} // told has grown
	kill   func()
	ended  chan struct{} // closed when it has ended, and when it does not even die

	// To be read when it has ended.
	late   bool  // it owed a page for too long
	exit   error // as [exec.Cmd.Wait] returns it
	stderr *complaint
}

// startWindow starts a program to show its first page, of which drew is told. It is
// killed when ctx ends, which is also the end of what drew is given.
func startWindow(ctx context.Context, program string, args []string, within timer, drew func(context.Context)) (*windowRun, error) {
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = theirs.Close() }()
	ctx, cancel := context.WithCancel(ctx)
	r := &windowRun{
		input: ours, output: newWindowOutput(), stderr: new(complaint),
		asked: make(chan struct{}, 1), kill: cancel, ended: make(chan struct{}),
	}
	r.told.Store(1)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = windowEnv(os.Environ())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, r.output, r.stderr
	cmd.WaitDelay = time.Second // nobody else should have its output open
	if err := cmd.Start(); err != nil {
		cancel()
		_ = ours.Close()
		return nil, err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	go r.watch(ctx, exited, within, drew)
	return r, nil
}

// watch waits for the program's end, and brings it about when ctx ends or the
// program owes a page for too long.
func (r *windowRun) watch(ctx context.Context, exited <-chan error, within timer, drew func(context.Context)) {
	defer close(r.ended)
	nothing := func() bool { return true }
	var (
		late <-chan time.Time // nil while it owes nothing
		stop = nothing
		was  = int64(-1)
	)
	defer func() { stop() }()
	for {
		shown, more := r.output.shown()
		if shown != was {
			if was < 1 && shown > 0 {
				drew(ctx)
			}
			stop()
			late, stop, was = nil, nothing, shown
		}
		if late == nil && shown < r.told.Load() {
			late, stop = within()
		}
		select {
		case <-more:
		case <-r.asked:
		case r.exit = <-exited:
			return
		case <-late:
			r.late = true
			r.reap(exited)
			return
		case <-ctx.Done():
			r.reap(exited)
			return
		}
	}
}

// reap kills the program and waits for its end.
func (r *windowRun) reap(exited <-chan error) {
	r.kill()
	select {
	case r.exit = <-exited:
	case <-time.After(killWithin):
	}
}

// tell gives the program a line to read, and returns the number of the page that
// it asks for.
func (r *windowRun) tell(line string) (page int64, err error) {
	if err := r.write(line); err != nil {
		return 0, err
	}
	page = r.told.Add(1)
	select {
	case r.asked <- struct{}{}:
	default:
	}
	return page, nil
}

// write gives the program a line that asks for no page.
func (r *windowRun) write(line string) error {
	_ = r.input.SetWriteDeadline(time.Now().Add(time.Second))
	_, err := r.input.WriteString(line + "\n")
	return err
}

// close ends the program and waits for it.
func (r *windowRun) close() {
	r.kill()
	<-r.ended
	_ = r.input.Close()
}

// failure is why a program that has ended, and was started or told last with verb
// and args, never showed anything; nil where it did, or ended in good order.
func (r *windowRun) failure(verb string, args []string) error {
	shown, _ := r.output.shown()
	done, lacks := r.output.last()
	if shown > 0 || done {
		return nil
	}
	return windowError(verb, args, lacks, r.late, r.cause())
}

// cause is what a log says of the program's end.
func (r *windowRun) cause() error {
	if r.exit == nil {
		return errors.New("it said " + r.stderr.String())
	}
	return fmt.Errorf("%w; it said %s", r.exit, r.stderr)
}

// drawn reports whether the program has shown anything.
func (r *windowRun) drawn() bool {
	shown, _ := r.output.shown()
	return shown > 0
}

// behind reports whether it has not shown yet what it was told of last.
func (r *windowRun) behind() bool {
	shown, _ := r.output.shown()
	return shown < r.told.Load()
}

// opening is a page that a window program was asked for.
type opening struct {
	run  *windowRun
	page int64
	key  string
}

// wait waits until the page is shown, and returns why it never will be. Where
// again is true, the program has ended without a reason, and another one may show
// the page.
func (o opening) wait(ctx context.Context) (again bool, err error) {
	for {
		shown, more := o.run.output.shown()
		if shown >= o.page {
			return false, nil
		}
		select {
		case <-more:
		case <-o.run.ended:
			if shown, _ := o.run.output.shown(); shown >= o.page {
				return false, nil
			}
			err := o.run.failure(showVerb, []string{o.key})
			return err == nil, err
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
