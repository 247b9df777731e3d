package agent

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestKeptConnection asks again after the engine has dropped the connection
// that Dial made.
func TestKeptConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		c := New(Config{Dir: t.TempDir()})
		c.kept.Store(&keptConn{Conn: near, since: time.Now()})
		time.Sleep(keptFor)
		_ = far.Close() // as the engine does a little later
		if _, err := c.Status(t.Context()); !errors.Is(err, ErrNoAgent) {
			t.Errorf("did not look for the engine anew: %v", err)
		}
	})
}
