//go:build !windows

package keychain

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// socket is one end of a socket pair, which can carry open files.
type socket struct {
	*net.UnixConn
	files []*os.File
}

// maxFiles is more than come with one message.
const maxFiles = 8

// Read implements io.Reader, and keeps the files that come along.
func (s *socket) Read(b []byte) (int, error) {
	oob := make([]byte, unix.CmsgSpace(4*maxFiles))
	n, oobn, _, _, err := s.ReadMsgUnix(b, oob)
	if oobn > 0 {
		s.keep(oob[:oobn])
	}
	return n, err
}

func (s *socket) keep(oob []byte) {
	all, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return
	}
	for i := range all {
		fds, err := unix.ParseUnixRights(&all[i])
		if err != nil {
			continue
		}
		for _, fd := range fds {
			unix.CloseOnExec(fd)
			s.files = append(s.files, os.NewFile(uintptr(fd), "lock"))
		}
	}
}

func (s *socket) received() []*os.File {
	all := s.files
	s.files = nil
	return all
}

func (s *socket) send(b []byte, files []*os.File) error {
	if len(files) > 0 {
		var fds []int
		for _, f := range files {
			fds = append(fds, int(f.Fd()))
		}
		n, _, err := s.WriteMsgUnix(b[:1], unix.UnixRights(fds...), nil)
		if err != nil {
			return err
		}
		b = b[n:]
	}
	_, err := s.Write(b)
	return err
}

// pair connects cmd, which is about to start, with this process. after is to be
// called once it was started.
func pair(cmd *exec.Cmd) (w wire, after func(), err error) {
	syscall.ForkLock.RLock()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(fds[0])
		unix.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, err
	}
	mine, its := os.NewFile(uintptr(fds[0]), "helper"), os.NewFile(uintptr(fds[1]), "helper")
	defer mine.Close()
	c, err := asSocket(mine)
	if err != nil {
		_ = its.Close()
		return nil, nil, err
	}
	cmd.Stdin = its
	return c, func() { _ = its.Close() }, nil
}

// asSocket takes what is one end of a socket pair.
func asSocket(f *os.File) (*socket, error) {
	c, err := net.FileConn(f)
	if err != nil {
		return nil, err
	}
	u, ok := c.(*net.UnixConn)
	if !ok {
		_ = c.Close()
		return nil, errors.New("it is no local socket")
	}
	return &socket{UnixConn: u}, nil
}

// upward is the helper's end.
func upward() (wire, error) {
	s, err := asSocket(os.Stdin)
	if err != nil {
		return nil, err
	}
	if err := kin(s.UnixConn); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// apart puts the helper into a process group of its own: Ctrl-C in the terminal
// does not cut a save in two.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup kills the helper and what it has started.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
