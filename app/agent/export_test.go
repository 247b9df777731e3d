package agent

// For the tests that use the real socket.
const (
	CodeBusy   = codeBusy
	MaxHeld    = maxHeld
	MaxWaiting = maxWaiting
	MaxWorking = maxWorking
)
