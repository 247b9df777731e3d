package agent

// For the tests that use the real socket.
const (
	CodeBusy   = codeBusy
	MaxLong    = maxLong
	MaxWaiting = maxWaiting
	MaxWorking = maxWorking
)
