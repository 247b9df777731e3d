package server

// For the tests that use the real socket.
const (
	MaxLong    = maxLong
	MaxPending = maxPending
	MaxWorking = maxWorking
)
