//go:build unix

package server_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"

	"keyfob/app/agent/person"
	"keyfob/app/agent/server"
	"keyfob/auth"
)

// folder returns a folder whose path leaves room for a socket's name.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "kf")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "keyfob")
}

// serve runs an engine in dir until the test ends.
func serve(t *testing.T, dir string, e server.Engine) {
	t.Helper()
	l, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Serve(ctx, e) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, l.Close()); err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(filepath.Join(dir, "agent.sock")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the socket outlived the engine: %v", err)
		}
	})
}

func dial(t *testing.T, dir string) *person.Client {
	t.Helper()
	c, err := person.Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// patiently asks again for as long as a machine under load takes longer to
// answer than a client waits.
func patiently(f func() error) error {
	for {
		if err := f(); err == nil || auth.AsError(err).Code != "agent_silent" {
			return err
		}
	}
}

// isAnswered asks the engine as one more client.
func isAnswered(t *testing.T, dir string) error {
	t.Helper()
	return patiently(func() error { return second(dial(t, dir).Status(t.Context())) })
}

// raw connects without the client, for what the client would never send.
func raw(t *testing.T, dir string) net.Conn {
	t.Helper()
	conn, err := net.Dial("unix", filepath.Join(dir, "agent.sock"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
