//go:build bench && linux

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

// coldCalls is how often each is started without an engine.
const coldCalls = 40

// TestTokenWithoutAnEngineYet measures `keyfob token` where it has to start the
// engine first, beside the start of an engine that does nothing but one Get of
// the keychain. An earlier build, which had no such engine, reads the keychain in
// the command itself.
func TestTokenWithoutAnEngineYet(t *testing.T) {
	p := startProvider(t)
	var all []*contender
	for _, b := range builds(t) {
		s := newSession(t, b, p, 2, screenless)
		if len(all) == 0 {
			all = append(all, emptyEngine(t, s))
		}
		// The keychain has a token from then on.
		c := &contender{name: b.name + ", no engine yet", cmd: s.token("bench"), before: s.endEngine}
		c.call(t)
		s.endEngine()
		all = append(all, c)
	}
	inTurns(t, coldCalls, all)
	medians(fmt.Sprintf("no engine yet, %d calls", coldCalls), all)
}

// emptyEngine is the yardstick.
func emptyEngine(t *testing.T, s *session) *contender {
	t.Helper()
	const name = "bench"
	path := program(t, "bench/coldengine")
	for _, v := range s.Env() {
		if address, ok := strings.CutPrefix(v, "DBUS_SESSION_BUS_ADDRESS="); ok {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		}
	}
	if err := keyring.Set("coldengine", name, token); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(s.Runtime, "coldengine.sock")
	return &contender{
		name: "empty engine + go-keyring Get",
		cmd:  func() *exec.Cmd { return s.Command(path, name) },
		before: func() {
			s.Wait("the end of the empty engine", func() bool { _, err := os.Stat(socket); return err != nil })
		},
	}
}
