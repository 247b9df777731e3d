//go:build linux

package start_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/start"
)

// TestAnEngineStartedByHand has nobody who waits for its report. It leaves alone what
// has that descriptor.
func TestAnEngineStartedByHand(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _, _ = file.Close(), read.Close(), write.Close() }()
	for name, files := range map[string][]*os.File{"nothing": nil, "a file": {file}, "a pipe to read from": {read}} {
		r := newRig(t, "")
		self, err := start.Itself()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self, "--config", r.file, start.Verb)
		cmd.ExtraFiles = files
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for !servesAt(filepath.Join(r.plan.Dir, "agent.sock")) {
			if len(ended) > 0 {
				t.Fatalf("%s: it ended: %v", name, <-ended)
			}
			time.Sleep(time.Millisecond)
		}
		_ = cmd.Process.Kill()
		<-ended
	}
	if b, err := os.ReadFile(path); err != nil || len(b) != 0 {
		t.Errorf("it wrote %q, %v", b, err)
	}
}

// servesAt reports whether an engine answers, which it does after its report: here,
// that this is no request.
func servesAt(socket string) bool {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_, err = conn.Write([]byte("?\n"))
	n, _ := conn.Read(make([]byte, 1))
	return err == nil && n == 1
}
