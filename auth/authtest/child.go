package authtest

import (
	"bufio"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// Child is a process that a test has started and talks to.
type Child struct {
	Cmd *exec.Cmd
	In  io.WriteCloser // the child's standard input, whose end tells it to end
	Out *bufio.Reader  // its standard output
}

// StartChild starts cmd with pipes to its standard input and output. It is
// killed when the test ends, unless it has ended by then.
func StartChild(t testing.TB, cmd *exec.Cmd) *Child {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &Child{Cmd: cmd, In: in, Out: bufio.NewReader(out)}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return c
}

// Line waits for the next line that the child prints, and returns it without
// its end. A child that ends before it printed one fails the test.
func (c *Child) Line(t testing.TB) string {
	t.Helper()
	line, err := c.Out.ReadString('\n')
	if err != nil {
		t.Fatalf("%s said %q and no more: %v", c.Cmd.Args[0], line, err)
	}
	return strings.TrimSpace(line)
}

// End closes the child's input, waits for it, and returns how it ended. Only
// the first call, of End or of Cmd.Wait, learns that.
func (c *Child) End() error {
	_ = c.In.Close()
	return c.Cmd.Wait()
}
