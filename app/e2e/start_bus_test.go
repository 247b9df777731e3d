//go:build linux

package e2e_test

import "testing"

// TestABusThatComesLater has a command without a bus start the engine, as over ssh or
// from cron. The next one on the desktop has its token all the same.
func TestABusThatComesLater(t *testing.T) {
	h := newHeadless(t, "ann")
	token := h.signedIn()
	if got := h.keyfobOn("", "token", plant4); got.code == 0 || got.out != "" {
		t.Errorf("without a bus: %d %q", got.code, got.out)
	} else {
		t.Log(got.err)
	}
	if got := h.token(); got.code != 0 || got.out != token {
		t.Errorf("with a bus: %d %s", got.code, got.err)
	}
	h.engine()
}
