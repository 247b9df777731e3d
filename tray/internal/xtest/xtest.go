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
)

// Start runs an X server until the test ends and returns its display, as for
// DISPLAY. Without Xvfb the test is skipped.
func Start(t *testing.T) (display string) {
	t.Helper()
	program, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("Xvfb is not installed")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	x := exec.Command(program, "-displayfd", "3", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset", "-ac")
	x.ExtraFiles = []*os.File{write}
	err = x.Start()
	_ = write.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = x.Process.Kill()
		_ = x.Wait()
	})
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb names no display: %v", err)
	}
	return ":" + strings.TrimSpace(line)
}
