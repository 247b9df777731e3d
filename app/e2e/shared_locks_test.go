//go:build linux

package e2e_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"keyfob/auth/authtest"
)

// TestTwoEnginesOneRefresh has two engines of one user with different runtime
// folders, as when one was started in another way, renew one session: one request
// goes to the provider, and both hand out its answer.
func TestTwoEnginesOneRefresh(t *testing.T) {
	h := newHeadless(t, "ann")
	h.storeExpired()
	before := h.provider.asked()
	g := newGate()
	h.provider.hold(g, nil)
	h.startEngine()
	<-g.reached // it renews by itself, and waits

	p := newBusProxy(h)
	dir := filepath.Join(h.Dir, "r2")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	elsewhere := func(args ...string) child {
		cmd := h.Command(h.program(), args...)
		cmd.Env = append(cmd.Env, "DBUS_SESSION_BUS_ADDRESS="+p.address, "XDG_RUNTIME_DIR="+dir)
		c := child{out: &authtest.Buffer{}}
		cmd.Stdout = c.out
		c.Process = h.StartCommand(cmd)
		return c
	}
	other := elsewhere("agent")
	defer other.Kill() // the proxy of its bus waits for it
	h.Wait("the other engine", func() bool {
		conn, err := net.Dial("unix", filepath.Join(dir, "keyfob", "agent.sock"))
		return err == nil && conn.Close() == nil
	})
	h.Wait("its copy of the old set", func() bool { return p.count("read") > 0 })
	idle := sockets(t, other.PID())
	all := []child{h.run(h.bus, "token", plant4), elsewhere("token", plant4)}
	h.Wait("the command at the other engine", func() bool { return sockets(t, other.PID()) > idle })
	close(g.open)
	h.sameToken(all)
	if n := h.provider.asked() - before; n != 1 {
		t.Errorf("%d refreshes by two engines, want 1", n)
	}
}
