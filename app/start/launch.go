package start

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"keyfob/auth"
)

// Verb is the hidden verb of the program that is started.
const Verb = "background-engine"

// ready is what an engine says that answers, in a line of its own. Any other one is
// the error that kept it from running, as JSON.
const ready = "ready"

// maxLine bounds that line, in bytes.
const maxLine = 64 << 10

// errRunning says that another engine runs already.
var errRunning = errors.New("an engine runs already")

// errKilled says that somebody killed the engine before it could tell anything.
var errKilled = errors.New("the engine was killed")

// launch starts the engine and waits until it says that it answers, ended, or by
// has come. Then the engine is killed.
func launch(ctx context.Context, c Config, by time.Time) error {
	r, w, err := os.Pipe()
	if err != nil {
		return cannotStart(c.Program, err)
	}
	defer func() { _ = r.Close() }()
	args := []string{c.Program, Verb}
	if c.Settings != "" {
		args = []string{c.Program, "--config", c.Settings, Verb}
	}
	engine, err := spawn(c.Program, args, environ(c.Env), w)
	_ = w.Close()
	if err != nil {
		return cannotStart(c.Program, err)
	}

	stop := context.AfterFunc(ctx, func() { _ = r.Close() }) // which ends the read
	defer stop()
	lapse := time.AfterFunc(time.Until(by), engine.kill) // which ends it, too: nobody has the other end any more
	defer lapse.Stop()
	line, err := readLine(r)
	switch {
	case ctx.Err() != nil:
		engine.release()
		return canceled(ctx) // the engine may come up all the same: the next command wants one
	case !lapse.Stop():
		engine.wait()
		return hung(c.Program)
	case string(line) == ready:
		engine.release()
		return nil
	case err == nil:
		err = said(line)
	case engine.killed():
		err = errKilled
	default:
		err = died(c.Program)
	}
	engine.kill()
	engine.wait()
	return err
}

// readLine reads up to the end of a line, which must come before the other end is
// closed.
func readLine(r *os.File) ([]byte, error) {
	var line []byte
	for b := make([]byte, 4<<10); len(line) < maxLine; {
		n, err := r.Read(b)
		line = append(line, b[:n]...)
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			return line[:i], nil
		}
		if err != nil {
			return nil, err
		}
	}
	return line, nil
}

// said is the error that an engine reported.
func said(line []byte) error {
	var e auth.Error
	if err := json.Unmarshal(line, &e); err != nil || e.What == "" {
		return garbled()
	}
	if e.Code == auth.CodeRunning {
		return errRunning
	}
	return &e
}
