package handover

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"time"

	"keyfob/auth"
)

const (
	// prepareWithin is how long a new engine may take until it is prepared. The
	// old one serves meanwhile.
	prepareWithin = 10 * time.Second
	// readyWithin is how long it may take from then until it is ready. Clients wait
	// meanwhile, and would give up after four seconds.
	readyWithin = 2 * time.Second
	// stopWithin is how long the old engine may take to finish what its clients
	// have asked for last.
	stopWithin = time.Second
)

// variable names the descriptors that a new engine has inherited.
const variable = "KEYFOB_HANDOVER"

// What a new engine says, a line each. Anything else is why it refuses.
const (
	saysPrepared = "prepared"
	saysReady    = "ready"
)

// Engine is the engine that runs, as far as it hands over.
type Engine struct {
	Args []string // what the next one is started with, without the program's name
	Env  []string // and its environment

	// The lock and the listening socket that the next one inherits; nil where a
	// process inherits none.
	Lock, Socket *os.File

	// Stop ends what the engine does and returns what only its memory holds. It
	// returns once nothing is under way any more, and takes no longer than ctx.
	// goOn has the engine serve again. An error of Stop says that the engine serves
	// as before.
	Stop func(ctx context.Context) (held []Held, goOn func(), err error)
}

// ErrBusy says that the engine was not done in time with what it is asked to do, or
// that the new program is still being written. The engine serves on, and may be asked to hand over again.
var ErrBusy = errors.New("something is still under way")

// Over has the program that stands in p's place take over from e. Without an
// error it is the engine now, and this process has to end and to touch neither
// lock nor socket. After any error e serves on: [ErrSame] where no other
// program stands there, [ErrBusy] where e.Stop was not done in time, ctx's own,
// else an [*auth.Error]; then the same file is not tried again.
func (p *Program) Over(ctx context.Context, e Engine) error {
	next, _ := p.look()
	if next.info == nil {
		return ErrSame
	}
	s, err := p.start(e)
	switch {
	case err == nil:
		err = s.takeOver(ctx, p.within, e.Stop)
	case beingWritten(err):
		err = errors.Join(ErrBusy, err)
	}
	if err == nil || errors.Is(err, ErrBusy) || ctx.Err() != nil {
		return err
	}
	p.tried(next)
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeHandover, Who: auth.WhoYou,
		What: "keyfob was updated, and the new version does not start (" + err.Error() + ")",
		Do:   "install it again, or quit keyfob and start it",
		Err:  err,
	}
}

// successor is the next engine while it is none yet.
type successor struct {
	cmd    *exec.Cmd
	memory *os.File    // ours to write
	says   *os.File    // ours to read
	lines  chan string // what it says; closed when it says no more
}

// start starts the program in p's place, and reads what it says until it ends or
// is ended.
func (p *Program) start(e Engine) (*successor, error) {
	says, sayTo, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	memoryFrom, memory, err := os.Pipe()
	if err != nil {
		_, _ = says.Close(), sayTo.Close()
		return nil, err
	}
	cmd := exec.Command(p.path, e.Args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err = inherit(cmd, e.Env, sayTo, memoryFrom, e.Lock, e.Socket)
	if err == nil {
		err = cmd.Start()
	}
	_, _ = sayTo.Close(), memoryFrom.Close()
	if err != nil {
		_, _ = says.Close(), memory.Close()
		return nil, err
	}
	s := &successor{cmd: cmd, memory: memory, says: says, lines: make(chan string, 2)}
	go s.read()
	return s, nil
}

// read passes on what the new engine says. It ends when the new engine's end of
// the pipe is closed, or ours.
func (s *successor) read() {
	defer close(s.lines)
	const longest = 16 << 10
	r := bufio.NewReaderSize(s.says, longest)
	for range cap(s.lines) { // it has no more to say
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		s.lines <- strings.TrimSuffix(string(line), "\n")
	}
}

// takeOver takes the new engine through its steps. After an error it has ended.
func (s *successor) takeOver(
	ctx context.Context, prepare time.Duration, stop func(context.Context) ([]Held, func(), error),
) (err error) {
	defer func() {
		if err != nil {
			s.kill()
		}
	}()
	if err := s.expect(ctx, saysPrepared, prepare); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, stopWithin)
	held, goOn, err := stop(within)
	cancel()
	if err != nil {
		return errors.Join(ErrBusy, err)
	}
	defer func() {
		if err != nil {
			s.kill() // first: two engines must not act at once
			goOn()
		}
	}()
	line, err := encode(held)
	if err != nil {
		return err
	}
	written := make(chan error, 1)
	_ = s.memory.SetWriteDeadline(time.Now().Add(readyWithin))
	go func() {
		_, err := s.memory.Write(line)
		clear(line)
		written <- err
	}()
	err = s.expect(ctx, saysReady, readyWithin)
	if err != nil {
		s.kill() // which ends the write
	}
	if wrote := <-written; err == nil && wrote != nil {
		err = wrote
	}
	if err != nil {
		return err
	}
	_ = s.memory.Close() // from here on the other one is the engine
	_ = s.says.Close()
	for range s.lines {
	}
	_ = s.cmd.Process.Release()
	return nil
}

// expect waits until the new engine says a line. One that has been said when the
// time is over counts.
func (s *successor) expect(ctx context.Context, want string, within time.Duration) error {
	late := time.NewTimer(within)
	defer late.Stop()
	var line string
	more := false
	select {
	case line, more = <-s.lines:
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		select {
		case line, more = <-s.lines:
		default:
			return errors.New("it did not answer in " + within.String())
		}
	}
	switch {
	case !more:
		return errors.New("it ended at once")
	case line != want:
		return refusal(line)
	}
	return nil
}

// refusal is why the new engine refuses, as it says.
func refusal(line string) error {
	var e auth.Error
	if json.Unmarshal([]byte(line), &e) != nil || e.What == "" {
		return errors.New("it did not answer as keyfob does")
	}
	return &e
}

// kill ends the new engine and everything that was begun for it. It may be called
// more than once.
func (s *successor) kill() {
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	_ = s.memory.Close() // after its end: it would take that as the word to begin
	_ = s.says.Close()
	for range s.lines {
	}
}
