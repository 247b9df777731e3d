package window

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"keyfob/app/agent/person"
	"keyfob/app/agent/server"
)

// engineOf is a client of an engine that runs.
func engineOf(t *testing.T, e server.Engine) *person.Client {
	t.Helper()
	dir, err := os.MkdirTemp("", "kf") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	listener, err := server.Listen(filepath.Join(dir, "run"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- listener.Serve(ctx, e) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, listener.Close()); err != nil {
			t.Error(err)
		}
	})
	c, err := person.Dial(ctx, filepath.Join(dir, "run"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}
