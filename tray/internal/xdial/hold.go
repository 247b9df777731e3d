//go:build linux || freebsd || openbsd || netbsd

package xdial

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"time"
)

// Hold connects to the display that getenv names before ctx ends, for somebody
// who asks the server for nothing and only wants to know when it ends: then
// reading fails. What is read is of no use. far says that the server is on
// another machine, or at the other end of a tunnel.
func Hold(ctx context.Context, getenv func(string) string) (conn net.Conn, far bool, err error) {
	at, err := parse(getenv("DISPLAY"))
	if err != nil {
		return nil, false, err
	}
	if conn, err = at.dial(ctx); err != nil {
		return nil, false, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	if err = at.greet(conn, getenv); !stop() {
		err = errors.Join(ctx.Err(), err)
	}
	if err != nil {
		_ = conn.Close()
		return nil, false, err
	}
	return conn, at.host != "", nil
}

// greet takes the server's answer to the first request (X Window System Protocol,
// chapter 8), and needs nothing of what it says of the screens.
func (a address) greet(conn net.Conn, getenv func(string) string) error {
	if _, err := conn.Write(a.hello(getenv)); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	const success = 1
	if head[0] != success {
		return errors.New("the X server refuses the connection")
	}
	_, err := io.CopyN(io.Discard, conn, 4*int64(binary.LittleEndian.Uint16(head[6:])))
	return err
}
