//go:build unix

package server_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"keyfob/app/agent/server"
)

// notesLater notes the tools whose prompts were put off.
type notesLater struct {
	answers
	tools chan<- string
}

func (n notesLater) Later(_ context.Context, tool string) error { n.tools <- tool; return nil }

// TestWhoGaveUpGetsNothingDone asks an engine that does not serve yet, as one
// that was stopped, and leaves. What comes after that is served.
func TestWhoGaveUpGetsNothingDone(t *testing.T) {
	dir := folder(t)
	l, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		conn := raw(t, dir)
		if _, err := io.WriteString(conn, `{"v":2,"op":"later","tool":"gone"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
	out := make(chan string, 100)
	e := server.Engine{Sessions: answers{}, Desktop: notesLater{tools: out}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Serve(ctx, e) }()
	if err := dial(t, dir).Later(t.Context(), "here"); err != nil {
		t.Error(err)
	}
	cancel()
	if err := errors.Join(<-ended, l.Close()); err != nil {
		t.Error(err)
	}
	close(out)
	for tool := range out {
		if tool != "here" {
			t.Error("something was done for a client that had left")
		}
	}
}
