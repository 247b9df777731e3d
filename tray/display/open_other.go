//go:build !linux && !freebsd && !openbsd && !netbsd

package display

import (
	"context"
	"errors"
	"net"
)

// open finds the one display that each session of these systems has.
func open(context.Context, func(string) string) (net.Conn, error) { return nil, nil }

// WaylandSocket is empty: there is no Wayland here.
func WaylandSocket(func(string) string) string { return "" }

// BusAnswers is an error: there is no session bus here.
func BusAnswers(context.Context, string) error { return errors.New("this system has no session bus") }
