// Package display tells whether a person's display and session bus can be
// reached, and when the display is gone.
//
// It owns one idle connection to the display, and asks for nothing over it. It must
// never start a display or a bus, never change the environment, and never wait for
// longer than its caller's context lets it.
package display

import (
	"context"
	"net"
	"sync"
)

// Display is one that can be reached. It costs nothing while nothing happens.
type Display struct {
	conn    net.Conn // nil where the end cannot be known
	gone    chan struct{}
	reading sync.WaitGroup
}

// Open connects to the display that getenv names, before ctx ends.
func Open(ctx context.Context, getenv func(string) string) (*Display, error) {
	conn, err := open(ctx, getenv)
	if err != nil {
		return nil, err
	}
	d := &Display{conn: conn, gone: make(chan struct{})}
	if conn != nil {
		d.reading.Go(func() {
			defer close(d.gone)
			for b := make([]byte, 64); ; {
				if _, err := conn.Read(b); err != nil {
					return
				}
			}
		})
	}
	return d, nil
}

// Gone is closed when the display has ended. Of one on another machine nothing is
// told: whoever came from there by ssh could not leave while a connection
// lasts.
func (d *Display) Gone() <-chan struct{} { return d.gone }

// Close ends the connection, upon which Gone is closed, too.
func (d *Display) Close() {
	if d.conn != nil {
		_ = d.conn.Close()
	}
	d.reading.Wait()
}
