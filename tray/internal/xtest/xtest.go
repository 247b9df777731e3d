//go:build linux || freebsd || openbsd || netbsd

// Package xtest gives a test an X server of its own, without a screen. It must
// never touch the display of whoever runs the test.
package xtest

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"

	"keyfob/auth/authtest"
)

// Server is a running X server.
type Server struct {
	Display string // as for DISPLAY
	process *exec.Cmd
	dead    bool
}

// Start runs an X server until the test ends.
func Start(t *testing.T) *Server {
	t.Helper()
	authtest.NotShort(t, "it needs a desktop")
	authtest.Need(t, "Xvfb")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset", "-ac")
	x.ExtraFiles = []*os.File{write}
	err = x.Start()
	_ = write.Close()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{process: x}
	t.Cleanup(s.Kill)
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb names no display: %v", err)
	}
	s.Display = ":" + strings.TrimSpace(line)
	return s
}

// Kill ends the server as a crash would.
func (s *Server) Kill() {
	if s.dead {
		return
	}
	s.dead = true
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// Stop makes the server accept and never answer, until the test ends.
func (s *Server) Stop(t *testing.T) {
	t.Helper()
	authtest.Freeze(t, s.process.Process.Pid)
}
