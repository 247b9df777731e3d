package keychain

import (
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// pipes are the helper's standard input and output. They carry no files: on
// Windows a lock ends with the process that holds it.
type pipes struct {
	io.Reader
	in  io.Closer
	out io.WriteCloser
}

func (p *pipes) send(b []byte, _ []*os.File) error {
	_, err := p.out.Write(b)
	return err
}

func (p *pipes) received() []*os.File { return nil }

func (p *pipes) Close() error {
	err := p.out.Close()
	_ = p.in.Close()
	return err
}

// pair connects cmd, which is about to start, with this process.
func pair(cmd *exec.Cmd) (w wire, after func(), err error) {
	hers, out, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	in, its, err := os.Pipe()
	if err != nil {
		_, _ = hers.Close(), out.Close()
		return nil, nil, err
	}
	cmd.Stdin, cmd.Stdout = hers, its
	return &pipes{in, in, out}, func() { _, _ = hers.Close(), its.Close() }, nil
}

// upward is the helper's end. Who the parent is cannot be told for sure.
func upward() (wire, error) { return &pipes{os.Stdin, os.Stdin, os.Stdout}, nil }

// apart keeps Ctrl-C in the console away from the helper, so that it does not
// cut a save in two, and opens no console window for it.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.CREATE_NO_WINDOW}
}

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
