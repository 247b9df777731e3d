package wire

import (
	"io"
	"time"
)

// Conn is a connection between a client and the engine. The engine's is one of
// package net; the client's is a file, so that a command links no network.
type Conn interface {
	io.ReadWriteCloser
	SetDeadline(t time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}
