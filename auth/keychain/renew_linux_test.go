package keychain

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRenewedChild knows the bus that this process has now, and waits for nothing
// that the one before is at.
func TestRenewedChild(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/first")
	processes := filepath.Join(t.TempDir(), "processes")
	c := newChild(t, "keyfob-test", helperArgv(t, "memory", processes), patience)
	c.Renew() // there is none yet
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan error)
	go func() { _, err := c.Load(ctx, stuckTool); asked <- err }()
	for len(children(processes)) < 1 {
		time.Sleep(time.Millisecond)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/second")
	c.Renew()
	if err := c.Save(t.Context(), tool, set("one", 10)); err != nil {
		t.Fatal(err)
	}
	ids := children(processes)
	if len(ids) != 2 {
		t.Fatalf("helpers %v, want two", ids)
	}
	for i, want := range []string{"/first", "/second"} {
		env, err := os.ReadFile("/proc/" + ids[i] + "/environ")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(env), "DBUS_SESSION_BUS_ADDRESS=unix:path="+want) {
			t.Errorf("helper %d does not have the bus %s", i, want)
		}
	}
	cancel()
	if err := <-asked; err == nil {
		t.Error("what nobody answers has an answer")
	}
	for {
		if _, err := os.Stat("/proc/" + ids[0]); errors.Is(err, fs.ErrNotExist) {
			return // the first one has ended
		}
		time.Sleep(time.Millisecond)
	}
}
