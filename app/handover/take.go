package handover

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"

	"keyfob/auth"
)

// maxMemory bounds what an engine hands on, in bytes.
const maxMemory = 64 << 20

// Inheritance is what this process has from the engine before it.
type Inheritance struct {
	// Lock and Socket are the engine's; nil where a process inherits none: there
	// they are free after [Inheritance.Prepared].
	Lock, Socket *os.File

	says   *os.File // ours to write
	memory *os.File // ours to read
	lines  *bufio.Reader
}

// Inherited is what an engine has started this process with, or nil for a
// process that anybody else has started. Call it before anything is started: it
// sees to it that no child inherits any of it.
func Inherited() (*Inheritance, error) {
	value, found := os.LookupEnv(variable)
	if !found {
		return nil, nil
	}
	_ = os.Unsetenv(variable)
	i, err := inherited(value)
	if err != nil {
		return nil, &auth.Error{
			Kind: auth.KindUsage, Code: auth.CodeHandover, Who: auth.WhoYou,
			What: "the variable " + variable + " is set, and no keyfob has started this program",
			Do:   "remove it", Err: err,
		}
	}
	i.lines = bufio.NewReader(i.memory)
	return i, nil
}

// Prepared tells the engine before this one that this process can be the next,
// and waits for what only its memory holds. That is nothing if the other one died
// meanwhile, also if it died in the middle. An error says that this process
// must end: it was refused, or ctx ended.
func (i *Inheritance) Prepared(ctx context.Context) ([]Held, error) {
	i.say(saysPrepared)
	stop := context.AfterFunc(ctx, func() { _ = i.memory.Close() })
	defer stop()
	line, err := i.line()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	held, err := decode(line)
	clear(line)
	return held, err
}

// line is the first line of the memory's pipe. One that has no end is none: the
// error is [io.EOF].
func (i *Inheritance) line() ([]byte, error) {
	var line []byte
	for {
		part, err := i.lines.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line, nil
		case len(line) > maxMemory:
			return nil, errors.New("what the engine before this one hands on is too long")
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// Ready tells the engine before this one that it may leave, and waits until it
// has. An error says that this process must end.
func (i *Inheritance) Ready(ctx context.Context) error {
	i.say(saysReady)
	stop := context.AfterFunc(ctx, func() { _ = i.memory.Close() })
	defer stop()
	_, err := i.lines.ReadByte()
	_, _ = i.says.Close(), i.memory.Close()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		return errors.New("the engine before this one hands on more than it said")
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// Refuse tells the engine before this one why this process cannot be the next. It
// serves on.
func (i *Inheritance) Refuse(why error) {
	line, err := json.Marshal(auth.AsError(why))
	if err == nil {
		i.say(string(line))
	}
	_, _ = i.says.Close(), i.memory.Close()
}

// say tells the engine before this one something. Whether that still lives is
// seen when its pipe is read.
func (i *Inheritance) say(line string) { _, _ = i.says.WriteString(line + "\n") }
