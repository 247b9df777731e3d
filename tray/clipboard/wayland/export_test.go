//go:build linux

package wayland

import (
	"os"
	"testing"
)

// AskAndNeverRead pastes, and keeps the pipe open without reading from it.
func AskAndNeverRead(t *testing.T) {
	t.Helper()
	c, err := dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	if err := c.pass(w, texts[0]); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
}
