package keychain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"time"

	"keyfob/auth"
)

// maxMessage bounds what goes over a pipe in one direction, in bytes.
const maxMessage = maxRecord + 64<<10

// pipeDelay is how long the pipes of a dead child may stay open, held by
// something that it started.
const pipeDelay = 200 * time.Millisecond

// Child is the operating system's keychain, called in a child process for each
// operation and killed at the deadline. A prompt that nobody answers, or a
// keychain that hangs, so costs this process nothing, and neither side shares
// its connection to the session bus with the other.
type Child struct {
	service  string
	argv     []string
	deadline time.Duration

	// Inherit, if set, gives the files that a child inherits which changes a
	// tool's set: locks that must not be free while it is at work, whatever
	// becomes of this process. Set it before the first use.
	Inherit func(tool string) []*os.File
}

var _ Store = (*Child)(nil)

// NewChild returns a Child that runs argv, a program that calls [ServeChild],
// and gives it up after deadline, or earlier when an operation's context ends.
func NewChild(service string, argv []string, deadline time.Duration) *Child {
	return &Child{service: service, argv: argv, deadline: deadline}
}

// Load implements Store.
func (c *Child) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	a, err := c.call(ctx, question{Op: opLoad, Tool: tool})
	if err != nil {
		return auth.Tokens{}, err
	}
	return decode(a.Tokens)
}

// Save implements Store.
func (c *Child) Save(ctx context.Context, tool string, t auth.Tokens) error {
	b, err := encode(t)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, question{Op: opSave, Tool: tool, Tokens: b})
	return err
}

// Delete implements Store.
func (c *Child) Delete(ctx context.Context, tool string) error {
	_, err := c.call(ctx, question{Op: opDelete, Tool: tool})
	return err
}

// Peek implements Store, in this process and on a connection of its own.
func (c *Child) Peek(ctx context.Context) error { return peek(ctx) }

func (c *Child) call(ctx context.Context, q question) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.deadline)
	defer cancel()
	end, _ := ctx.Deadline()
	q.Service, q.Within = c.service, time.Until(end)
	in, err := json.Marshal(q)
	if err != nil {
		return answer{}, failed("the question to the keychain helper could not be written", err)
	}
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	out := &capped{left: maxMessage}
	cmd.Stdin, cmd.Stdout = bytes.NewReader(in), out // stderr goes nowhere: a crash could print a token
	cmd.WaitDelay = pipeDelay
	if c.Inherit != nil && q.Op != opLoad {
		cmd.ExtraFiles = c.Inherit(q.Tool)
	}
	ownGroup(cmd)
	err = cmd.Run()
	switch {
	case err == nil || errors.Is(err, exec.ErrWaitDelay):
	case ctx.Err() != nil:
		return answer{}, ended(ctx.Err())
	case cmd.Process == nil:
		return answer{}, failed("the keychain helper could not be started", err)
	default:
		return answer{}, failed("the keychain helper broke off in the middle", err)
	}
	var a answer
	if err := json.Unmarshal(out.b.Bytes(), &a); err != nil || !a.OK && !a.Missing && a.Error == nil {
		return answer{}, failed("the keychain helper gave no answer that makes sense", nil)
	}
	if a.Missing {
		return answer{}, ErrNotFound
	}
	if a.Error != nil {
		return answer{}, a.Error
	}
	return a, nil
}

// capped is a buffer that refuses to grow beyond its limit.
type capped struct {
	b    bytes.Buffer
	left int
}

func (c *capped) Write(p []byte) (int, error) {
	if len(p) > c.left {
		return 0, io.ErrShortBuffer
	}
	c.left -= len(p)
	return c.b.Write(p)
}
