//go:build linux || freebsd || openbsd || netbsd

// Package bus finds and dials the desktop's session bus and the machine's
// system bus. It must never start one: without a desktop there is nothing to
// show anything on.
package bus

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// Connect returns a connection to the session bus of the caller's own, ready
// to use. It gives up when ctx ends, even on a bus that accepts and never
// answers; afterwards ctx has no effect.
func Connect(ctx context.Context, options ...dbus.ConnOption) (*dbus.Conn, error) {
	return connect(ctx, dbus.SessionBusPrivateNoAutoStartup, options)
}

// Reach connects to the session bus at address, before ctx ends, and ends the
// connection.
func Reach(ctx context.Context, address string) error {
	conn, err := connect(ctx, func(o ...dbus.ConnOption) (*dbus.Conn, error) { return dbus.Dial(address, o...) }, nil)
	if err != nil {
		return err
	}
	return conn.Close()
}

// ConnectSystem does the same with the system bus.
func ConnectSystem(ctx context.Context, options ...dbus.ConnOption) (*dbus.Conn, error) {
	return connect(ctx, dbus.SystemBusPrivate, options)
}

func connect(ctx context.Context, dial func(...dbus.ConnOption) (*dbus.Conn, error), options []dbus.ConnOption) (*dbus.Conn, error) {
	life, cancel := context.WithCancel(context.Background())
	stop := context.AfterFunc(ctx, cancel)
	conn, err := greet(dial, append(options, dbus.WithContext(life)))
	if !stop() {
		if conn != nil {
			_ = conn.Close()
		}
		return nil, ctx.Err()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	context.AfterFunc(conn.Context(), cancel)
	return conn, nil
}

func greet(dial func(...dbus.ConnOption) (*dbus.Conn, error), options []dbus.ConnOption) (*dbus.Conn, error) {
	conn, err := dial(options...)
	if err != nil {
		return nil, err
	}
	if err := conn.Auth(nil); err != nil {
		_ = conn.Close()
		return nil, err
	}
	if err := conn.Hello(); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}
