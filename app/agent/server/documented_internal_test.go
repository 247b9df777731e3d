package server

import (
	"os"
	"strings"
	"testing"

	"keyfob/app/agent/internal/wire"
)

// TestDocumentedRequests reads the requests in the client's documentation, where
// each operation stands.
func TestDocumentedRequests(t *testing.T) {
	text, err := os.ReadFile("../doc.go")
	if err != nil {
		t.Fatal(err)
	}
	missing := operations(Engine{})
	for line := range strings.Lines(string(text)) {
		frame, ok := strings.CutPrefix(line, "//\t")
		if !ok || !strings.Contains(frame, `"op":`) {
			continue
		}
		head, err := wire.DecodeHead([]byte(frame))
		if err != nil {
			t.Errorf("%s: %v", frame, err)
			continue
		}
		op := head.Op
		operation, known := operations(Engine{})[op]
		if !known {
			t.Errorf("nothing answers %s", frame)
			continue
		}
		if _, err := operation([]byte(frame)); err != nil {
			t.Errorf("%s: %v", frame, err)
		}
		delete(missing, op)
	}
	for op := range missing {
		t.Errorf("%q is not there", op)
	}
}
