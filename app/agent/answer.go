package agent

import (
	"context"
	"encoding/json"

	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
)

// answer asks the engine and sends the lines of the answer, the last of them
// without "more".
func (e Engine) answer(ctx context.Context, req request, send func(reply)) {
	var (
		last = reply{OK: true}
		err  error
	)
	switch req.Op {
	case opStatus:
		last.Snapshots, err = e.Sessions.Status(ctx)
	case opWatch:
		for snaps := range e.Sessions.Watch(ctx) {
			send(reply{OK: true, More: true, Snapshots: snaps})
		}
		err = ending()
	case opToken:
		var t auth.Tokens
		if t, err = e.Sessions.Token(ctx, req.Tool, req.MinValid); err == nil {
			last.Tokens = toWire(t)
		}
	case opInspect:
		var in inspect.Inspection
		if in, err = e.Sessions.Inspect(ctx, req.Tool); err == nil {
			last.Inspection, err = json.Marshal(in)
		}
	case opLogin:
		err = e.Sessions.SignIn(ctx, req.Tool, session.SignInOptions{
			NoBrowser: req.NoBrowser, Prompt: req.Prompt, Offline: req.Offline, SwitchAccount: req.SwitchAccount,
			Progress: func(s session.Step) { send(reply{OK: true, More: true, Step: &s}) },
		})
	case opCancel:
		err = e.Sessions.CancelSignIn(ctx, req.Tool)
	case opLogout:
		var p session.SignOutResult
		p, err = e.Sessions.SignOut(ctx, req.Tool, session.SignOutOptions{Local: req.Local, Browser: req.Browser, Pages: req.Pages})
		send(reply{OK: true, More: true, SignOut: &p})
	case opLater:
		err = e.desktop(func(d Desktop) error { return d.Later(ctx, req.Tool) })
	case opCopy:
		err = e.desktop(func(d Desktop) error { return d.Copy(ctx, req.Tool, req.As) })
	case opHome:
		err = e.desktop(func(d Desktop) error { return d.Home(ctx, req.Tool) })
	case opReopen:
		err = e.desktop(func(d Desktop) error { return d.Reopen(ctx, req.Tool) })
	case opShow:
		err = e.desktop(func(d Desktop) error { return d.Show(ctx) })
	case opPresets, opKnow, opCheck, opAdd, opImport, opSettings, opChange:
		last, err = answerSetup(ctx, e.Setup, req)
	case opQuit: // carried out when the answer has been sent
		if e.Quit == nil {
			err = badRequest("this engine ends with the program that runs it")
		}
	default:
		err = badRequest("keyfob cannot do " + auth.Quote(req.Op))
	}
	if err != nil {
		last = reply{Error: auth.AsError(err)}
	}
	send(last)
}

func (e Engine) desktop(f func(Desktop) error) error {
	if e.Desktop == nil {
		return noScreen()
	}
	return f(e.Desktop)
}

func noScreen() error {
	return &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeNoTray,
		What: "the keyfob that runs has no tray",
		Do:   "quit it and start `keyfob` on a desktop",
		Who:  auth.WhoYou,
	}
}

func ending() error {
	return &auth.Error{
		Kind: auth.KindTransient,
		Code: auth.CodeAgentGone,
		What: "keyfob ended before it answered",
		Do:   "start it again",
		Who:  auth.WhoYou,
	}
}
