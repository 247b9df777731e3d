package wire

import (
	"context"
	"errors"
	"os"

	"keyfob/auth"
)

// ErrNoAgent is what [Dial] gives when no engine runs.
var ErrNoAgent error = &auth.Error{
	Kind: auth.KindFailed,
	Code: auth.CodeNoAgent,
	What: "keyfob is not running",
	Do:   "start it with `keyfob`",
	Who:  auth.WhoYou,
}

// CannotListen is for whoever cannot become the engine. It wraps err.
func CannotListen(err error) error {
	return &auth.Error{
		Kind: auth.KindFailed,
		Code: auth.CodeAgentListen,
		What: "cannot open keyfob's own socket (" + err.Error() + ")",
		Do:   "check the folder that it names",
		Who:  auth.WhoYou,
		Err:  err,
	}
}

// BadRequest is for a request that nothing can be done with.
func BadRequest(what string) *auth.Error {
	return &auth.Error{Kind: auth.KindUsage, Code: auth.CodeAgentRequest, What: what}
}

// NoRequest is for what is no request at all.
func NoRequest() *auth.Error { return BadRequest("this is not a request to keyfob") }

// TooLong is for a request beyond [MaxRequest].
func TooLong() *auth.Error {
	return &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeAgentRequest,
		What: "the request is longer than 64 KiB",
		Do:   "shorten what you entered",
		Who:  auth.WhoYou,
	}
}

func wrongVersion() *auth.Error {
	return &auth.Error{
		Kind: auth.KindSetup,
		Code: auth.CodeAgentVersion,
		What: "the keyfob that runs is of another version than this program",
		Do:   "run `keyfob quit`, then try again",
		Who:  auth.WhoYou,
	}
}

// Leaving is for a request that was not looked at, since the engine ends.
func Leaving() *auth.Error {
	return &auth.Error{
		Kind: auth.KindTransient,
		Code: auth.CodeAgentLeaving,
		What: "keyfob is ending",
		Do:   "try again",
		Who:  auth.WhoWait,
	}
}

func noReply(err error) *auth.Error {
	return BrokenReply("what answers in keyfob's place is not keyfob, or is broken", err)
}

// BrokenReply is for an answer that no engine gives.
func BrokenReply(what string, err error) *auth.Error {
	return &auth.Error{
		Kind: auth.KindProtocol,
		Code: auth.CodeAgentReply,
		What: what,
		Do:   "run `keyfob quit`, then try again",
		Who:  auth.WhoYou,
		Err:  err,
	}
}

// Gone is for an answer that never came.
func Gone() *auth.Error {
	return &auth.Error{
		Kind: auth.KindTransient,
		Code: auth.CodeAgentGone,
		What: "keyfob ended before it answered",
		Do:   "try again",
		Who:  auth.WhoYou,
	}
}

// takesNoMore is for an engine that nobody can connect to.
func takesNoMore(err error) error {
	return &auth.Error{
		Kind: auth.KindTransient,
		Code: auth.CodeAgentSilent,
		What: "the keyfob that runs takes no more callers",
		Do:   "try again, or end the process keyfob-tray",
		Who:  auth.WhoYou,
		Err:  err,
	}
}

// closed is for a folder of the user's own that nobody may enter, or a socket in
// it that nobody may use.
func closed(dir string, err error) error {
	return &auth.Error{
		Kind: auth.KindSetup,
		Code: auth.CodeAgentFolder,
		What: "keyfob's own socket cannot be used (" + err.Error() + ")",
		Do:   "run `chmod -R u+rwX " + dir + "`",
		Who:  auth.WhoYou,
		Err:  err,
	}
}

// Busy is for a request that was not looked at, since there were too many.
func Busy() *auth.Error {
	return &auth.Error{
		Kind: auth.KindTransient,
		Code: auth.CodeAgentBusy,
		What: "too many programs ask keyfob at once",
		Do:   "try again",
		Who:  auth.WhoWait,
	}
}

// ioError says what a failed read means to the caller.
func ioError(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ContextError(ctx.Err())
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &auth.Error{
			Kind: auth.KindTransient,
			Code: auth.CodeAgentSilent,
			What: "the keyfob that runs does not answer",
			Do:   "try again, or end the process keyfob-tray",
			Who:  auth.WhoYou,
			Err:  err,
		}
	case errors.Is(err, ErrTooLong):
		return BrokenReply("the answer of the keyfob that runs is too long", err)
	}
	return Gone()
}

// ContextError is for whoever no longer waits, or waited too long. It wraps err.
func ContextError(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return &auth.Error{
			Kind: auth.KindTransient,
			Code: auth.CodeTimeout,
			What: "keyfob took too long",
			Do:   "try again",
			Who:  auth.WhoWait,
			Err:  err,
		}
	}
	return &auth.Error{Kind: auth.KindCanceled, Code: auth.CodeCanceled, What: "cancelled before it was done", Who: auth.WhoYou, Err: err}
}
