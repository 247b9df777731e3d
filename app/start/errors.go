package start

import (
	"context"
	"errors"
	"syscall"

	"keyfob/auth"
)

// seeWhy is how a person sees what an engine says that ends before it can tell.
const seeWhy = "run `keyfob agent` to see why"

func noProgram(path string) error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeEngineProgram, Who: auth.WhoYou,
		What: "there is no " + path + ", which keeps your sessions",
		Do:   "install Keyfob again, with all of its programs in one folder",
	}
}

func badProgram(path, why string) error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeEngineProgram, Who: auth.WhoYou,
		What: path + " " + why + ", so it was not started",
		Do:   "install Keyfob again",
	}
}

func unknownSelf(err error) error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeEngineProgram, Who: auth.WhoYou,
		What: "keyfob cannot find its own programs (" + err.Error() + ")",
		Do:   "start it by its full path",
		Err:  err,
	}
}

// cannotStart is for a process that the system refuses to start.
func cannotStart(program string, err error) error {
	e := &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeEngineStart, Who: auth.WhoYou,
		What: program + " cannot be started (" + err.Error() + ")",
		Do:   "look at that file and the rights that you have on it",
		Err:  err,
	}
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.ENOMEM), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		e.Kind, e.Do = auth.KindTransient, "end programs that you do not need, or raise your limits"
	case errors.Is(err, syscall.ENOEXEC):
		e.Do = "install Keyfob for this kind of machine"
	}
	return e
}

func died(program string) error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeEngineStart, Who: auth.WhoYou,
		What: program + " was started and ended at once",
		Do:   seeWhy,
	}
}

func hung(program string) error {
	return &auth.Error{
		Kind: auth.KindTransient, Code: auth.CodeEngineStart, Who: auth.WhoYou,
		What: program + " was started and was not ready in time, so it was ended",
		Do:   "try again; if that does not help, " + seeWhy,
	}
}

func garbled() error {
	return &auth.Error{
		Kind: auth.KindProtocol, Code: auth.CodeEngineStart, Who: auth.WhoYou,
		What: "what was started in place of keyfob's engine is not keyfob, or is broken",
		Do:   "install Keyfob again",
	}
}

// tooSlow is for whoever waited for an engine that another process started.
func tooSlow(running bool) error {
	e := &auth.Error{
		Kind: auth.KindTransient, Code: auth.CodeAgentSilent, Who: auth.WhoYou,
		What: "another keyfob command is starting the engine and does not get on with it",
		Do:   "try again, or look for one that hangs",
	}
	if running {
		e.What, e.Do = "keyfob is running and cannot be reached", "try again in half a minute, or end the process keyfob-tray"
	}
	return e
}

func canceled(ctx context.Context) error {
	return auth.AsError(ctx.Err())
}
