package desktop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
)

// This file holds what a person is told where no window opens, all of it.

// windowError is the error that a window program which was started with verb and
// args has shown nothing. why is what the system says of its end, for a log.
func windowError(verb string, args []string, lacks agent.WindowLine, late bool, why error) error {
	e := &auth.Error{Kind: auth.KindFailed, Code: auth.CodeWindow, Who: auth.WhoYou, Err: why}
	use := "use " + instead(verb, args) + " instead"
	switch {
	case lacks == agent.WindowNoScreen:
		e.Code = auth.CodeWindowScreen
		e.What = "no screen answers, so no window can open"
		e.Do = use + ", or start keyfob again on a desktop"
	case lacks == agent.WindowNoXwayland:
		e.Code = auth.CodeWindowXwayland
		e.What = "a window needs Xwayland, which this desktop does not run"
		e.Do = use + ", or install it and log in again"
	case lacks == agent.WindowNoOpenGL:
		e.Code = auth.CodeWindowOpenGL
		e.What = "a window needs OpenGL 2.1, which this screen does not have"
		e.Do = use + ", or install a graphics driver with it"
	case late:
		e.What, e.Do = fmt.Sprintf("the window was not there after %d seconds and has been ended", drawWithin/time.Second), use
	default:
		e.What, e.Do = "the window program ended before it showed anything", use
	}
	return e
}

// noWindowProgram is the error that there is no window program.
func noWindowProgram(verb string, args []string, why error) error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeWindow, Who: auth.WhoYou, Err: why,
		What: "there is no keyfob-window beside this program, so no window can open",
		Do:   "use " + instead(verb, args) + " instead, or install it there",
	}
}

// windowNotStarted is the error that the system does not start the window program.
func windowNotStarted(verb string, args []string, why error) error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeWindow, Who: auth.WhoYou, Err: why,
		What: "the window program does not start",
		Do:   "use " + instead(verb, args) + " instead",
	}
}

// maxCommands is how many commands an error names.
const maxCommands = 3

// instead is what does without a window what verb and args would: signs in to
// the tools of a prompt, or does what a page is for.
func instead(verb string, args []string) string {
	if verb == promptVerb {
		if len(args) > maxCommands {
			return "`keyfob status` and `keyfob login`"
		}
		var commands []string
		for _, tool := range args {
			commands = append(commands, "`keyfob login "+tool+"`")
		}
		return strings.Join(commands, " and ")
	}
	kind, tool, _ := strings.Cut(args[len(args)-1], "/")
	switch kind {
	case agent.PageWaiting:
		return "`keyfob login " + tool + "`"
	case agent.PageToken:
		return "`keyfob token " + tool + "`"
	case agent.PageAdd:
		return "`keyfob tools add`"
	}
	return "`keyfob status`"
}

// notOfWindow is err, unless that says why no window opens, of which the person is
// told in any case.
func notOfWindow(err error) error {
	var e *auth.Error
	if errors.As(err, &e) && slices.Contains(auth.WindowCodes(), e.Code) {
		return nil
	}
	return err
}
