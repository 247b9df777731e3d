package wire

import "time"

const (
	// MaxRequest and MaxReply bound a line, in bytes. A request holds at most what
	// a person types into the window; files are named, not sent. A token set of
	// 64 KiB and a thousand sessions fit into a reply.
	MaxRequest = 64 << 10
	MaxReply   = 16 << 20

	// RequestWithin is how long a client may take to send its request, and
	// WriteWithin how long it may leave an answer unread.
	RequestWithin = 3 * time.Second
	WriteWithin   = 3 * time.Second

	// While the engine works on an answer it says so every waitEvery. A client
	// gives up on an engine that has been silent for SilentFor, so that one
	// which was stopped costs a command less than five seconds.
	waitEvery = time.Second
	SilentFor = 4 * time.Second

	// Between two changes a watcher hears less often: it may watch all day.
	watchWaitEvery = 30 * time.Second
	watchSilentFor = 45 * time.Second
)

// WaitEvery is how often the engine says that it is still at work.
func WaitEvery(op string) time.Duration {
	if op == string(OpWatch) {
		return watchWaitEvery
	}
	return waitEvery
}

// silentFor is how long a client waits for the next line of an answer that has
// begun.
func silentFor(op string) time.Duration {
	if op == string(OpWatch) {
		return watchSilentFor
	}
	return SilentFor
}

// LockFile is the name of the engine's lock. The file is never deleted: two
// processes could otherwise hold locks on two files of that name.
const LockFile = "engine.lock"
