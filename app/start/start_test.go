//go:build linux

package start_test

import (
	"strings"
	"testing"
	"time"

	"keyfob/auth"
)

// TestAnEngineIsStartedOnce starts one, and finds it the second time.
func TestAnEngineIsStartedOnce(t *testing.T) {
	r := newRig(t, "")
	for range 2 {
		if err := r.engine(); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.one(); !n.Claimed {
		t.Error("it is not the engine")
	}
	r.end(r.one())
	if err := r.engine(); err != nil { // beside the socket of one that was killed
		t.Fatal(err)
	}
	if n := len(r.notes()); n != 2 {
		t.Errorf("%d engines were started, want another one", n)
	}
}

// TestAnEngineThatDoesNotComeUp ends, hangs, refuses and talks nonsense. Each is
// told in a sentence within five seconds, and nothing of it is left.
func TestAnEngineThatDoesNotComeUp(t *testing.T) {
	for does, want := range map[string]struct {
		kind auth.Kind
		code string
		says string
	}{
		"die":     {auth.KindFailed, auth.CodeEngineStart, "ended at once: run `keyfob agent` to see why"},
		"hang":    {auth.KindTransient, auth.CodeEngineStart, "was not ready in time, so it was ended"},
		"garbage": {auth.KindProtocol, auth.CodeEngineStart, "is not keyfob, or is broken"},
		"flood":   {auth.KindProtocol, auth.CodeEngineStart, "is not keyfob, or is broken"},
		"refuse":  {auth.KindKeychain, auth.CodeKeychainAbsent, "no keychain: get one"},
	} {
		t.Run(does, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, does)
			began := time.Now()
			err := r.engine()
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			e := auth.AsError(err)
			if e == nil || e.Kind != want.kind || e.Code != want.code || !strings.Contains(e.Error(), want.says) {
				t.Errorf("got %#v, want %v", e, want)
			}
			r.gone(r.one().PID)
		})
	}
}

// TestAnEngineThatIsKilledAtItsStart has another one started in its place.
func TestAnEngineThatIsKilledAtItsStart(t *testing.T) {
	r := newRig(t, "killed")
	if err := r.engine(); err != nil {
		t.Fatal(err)
	}
	if n := len(r.notes()); n != 3 {
		t.Errorf("%d engines were started, want 3", n)
	}
}
