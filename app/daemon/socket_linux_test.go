package daemon

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestARemovedSocket has a program that cleans up remove the socket of an engine
// that stays, which clients find again, and of one that is of no use, which ends.
func TestARemovedSocket(t *testing.T) {
	t.Run("of one that stays", func(t *testing.T) {
		s := serve(t, Alone)
		answered := func() bool {
			_, err := s.client().Status(t.Context())
			return err == nil
		}
		if !answered() {
			t.Fatal("it does not answer")
		}
		for _, remove := range []string{filepath.Join(s.dir, "agent.sock"), s.dir} {
			if err := os.RemoveAll(remove); err != nil {
				t.Fatal(err)
			}
			for until := time.Now().Add(10 * time.Second); !answered(); time.Sleep(time.Millisecond) {
				if time.Now().After(until) {
					t.Fatalf("%s: nobody finds it", remove)
				}
			}
		}
	})
	t.Run("of one that a command started", func(t *testing.T) {
		s := serve(t, Background)
		if _, err := s.client().Status(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(s.dir, "agent.sock")); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-s.ended:
			s.ended <- err
		case <-time.After(10 * time.Second):
			t.Error("it stays, and nobody finds it")
		}
	})
}
