package server

import (
	"context"

	"keyfob/app/agent"
	"keyfob/app/agent/internal/personops"
	"keyfob/app/agent/internal/wire"
	"keyfob/auth"
	"keyfob/auth/session"
)

// operation reads a request and returns what answers it. Its error may be shown
// to the client.
type operation func(line []byte) (answer, error)

// answer does what was asked. It sends all lines of the answer but the last,
// whose body it returns.
type answer func(ctx context.Context, send func(body any)) (last any, err error)

// operations is the table of what e can be asked, by name.
func operations(e Engine) map[string]operation {
	t := table{}
	t.addSessions(e.Sessions)
	t.addManage(e.Manage)
	t.addDesktop(e.Desktop)
	t.addSetup(e.Setup)
	add(t, nil, wire.OpQuit, func(context.Context, wire.Nothing) (none wire.Nothing, err error) {
		if e.Quit == nil { // else it is carried out when the answer has been sent
			err = wire.BadRequest("this engine ends with the program that runs it")
		}
		return none, err
	})
	return t
}

type table map[string]operation

func (t table) addSessions(s Sessions) {
	add(t, nil, wire.OpStatus, func(ctx context.Context, _ wire.CallerRequest) (wire.StatusReply, error) {
		all, err := s.Status(ctx)
		r := wire.StatusReply{Snapshots: all.Snapshots, Fault: all.Fault, Ignored: all.Ignored}
		for _, o := range all.Orphans {
			r.Orphans = append(r.Orphans, wire.Orphan(o))
		}
		return r, err
	})
	addLines(t, wire.OpWatch, func(ctx context.Context, _ wire.Nothing, send func(wire.SessionsReply)) error {
		for snaps := range s.Watch(ctx) {
			send(wire.SessionsReply{Snapshots: snaps})
		}
		return wire.Gone()
	})
	addLast(t, wire.OpToken, func(ctx context.Context, r wire.TokenRequest, send func(wire.TokenReply)) (wire.TokenReply, error) {
		token, err := s.Token(ctx, r.Tool, session.TokenOptions{
			MinValid: r.MinValid, MayUnlock: r.Unlock,
			Waits: func(why *auth.Error) { send(wire.TokenReply{Waits: why}) },
		})
		return wire.TokenReply{Tokens: wire.FromTokens(token.Tokens), Address: token.Address}, err
	})
	add(t, nil, personops.OpInspect, func(ctx context.Context, r wire.ToolRequest) (personops.InspectReply, error) {
		in, err := s.Inspect(ctx, r.Tool)
		return personops.InspectReply{Inspection: &in}, err
	})
	addLines(t, wire.OpLogin, func(ctx context.Context, r wire.LoginRequest, send func(wire.LoginReply)) error {
		return s.SignIn(ctx, r.Tool, session.SignInOptions{
			NoBrowser: r.NoBrowser, CallerOpens: r.CallerOpens, Prompt: r.Prompt, Offline: r.Offline, SwitchAccount: r.SwitchAccount,
			Progress: func(step session.Step) { send(wire.LoginReply{Step: &step}) },
		})
	})
	add(t, nil, wire.OpCancel, func(ctx context.Context, r wire.ToolRequest) (none wire.Nothing, err error) {
		return none, s.CancelSignIn(ctx, r.Tool)
	})
	addLines(t, wire.OpLogout, func(ctx context.Context, r wire.LogoutRequest, send func(wire.LogoutReply)) error {
		o := session.SignOutOptions{
			Local: r.Local, Browser: r.Browser, Pages: r.Pages, MayUnlock: r.Unlock,
			Waits: func(why *auth.Error) { send(wire.LogoutReply{Waits: why}) },
		}
		if r.CallerOpens {
			o.Open = func(_ context.Context, address string) error {
				send(wire.LogoutReply{Open: address})
				return ctx.Err() // then the caller has left
			}
		}
		result, err := s.SignOut(ctx, r.Tool, o)
		send(wire.LogoutReply{SignOut: &result})
		return err
	})
}

func (t table) addManage(m Manage) {
	var missing error
	if m == nil {
		missing = wire.BadRequest("this engine has no settings file")
	}
	add(t, missing, wire.OpReload, func(ctx context.Context, _ wire.CallerRequest) (none wire.Nothing, err error) {
		return none, m.Reload(ctx)
	})
	add(t, missing, wire.OpYield, func(ctx context.Context, _ wire.CallerRequest) (none wire.Nothing, err error) {
		return none, m.Yield(ctx)
	})
	add(t, missing, wire.OpSecret, func(ctx context.Context, r wire.SecretRequest) (none wire.Nothing, err error) {
		if r.Remove {
			return none, m.DeleteSecret(ctx, r.Tool, r.Unlock)
		}
		return none, m.SaveSecret(ctx, r.Tool, auth.Secret(r.Secret), r.Unlock)
	})
	add(t, missing, wire.OpHolds, func(ctx context.Context, r wire.ToolRequest) (h wire.HoldsReply, err error) {
		h.Tokens, h.Secret, err = m.Holds(ctx, r.Tool)
		return h, err
	})
	addLines(t, wire.OpForget, func(ctx context.Context, r wire.ForgetRequest, send func(wire.ForgetReply)) error {
		switch {
		case missing != nil:
			return missing
		case r.All == (r.Tool != ""):
			return wire.NoRequest()
		}
		forgotten, err := m.Forget(ctx, r.Tool, r.Unlock)
		send(wire.ForgetReply{Forgotten: forgotten})
		return err
	})
	add(t, missing, wire.OpPromote, func(ctx context.Context, r wire.PromoteRequest) (p wire.PromoteReply, err error) {
		p.Said, err = m.Promote(ctx, r.Environment)
		return p, err
	})
}

func (t table) addDesktop(d Desktop) {
	missing := noTray(d == nil)
	add(t, missing, wire.OpLater, func(ctx context.Context, r wire.ToolRequest) (none wire.Nothing, err error) {
		return none, d.Later(ctx, r.Tool)
	})
	add(t, missing, wire.OpCopy, func(ctx context.Context, r wire.CopyRequest) (none wire.Nothing, err error) {
		return none, d.Copy(ctx, r.Tool, agent.CopyAs(r.As))
	})
	add(t, missing, wire.OpHome, func(ctx context.Context, r wire.ToolRequest) (none wire.Nothing, err error) {
		return none, d.Home(ctx, r.Tool)
	})
	add(t, missing, wire.OpReopen, func(ctx context.Context, r wire.ToolRequest) (none wire.Nothing, err error) {
		return none, d.Reopen(ctx, r.Tool)
	})
	add(t, missing, wire.OpShow, func(ctx context.Context, _ wire.Nothing) (none wire.Nothing, err error) {
		return none, d.Show(ctx)
	})
}

func (t table) addSetup(s Setup) {
	missing := noTray(s == nil)
	add(t, missing, personops.OpPresets, func(ctx context.Context, _ wire.Nothing) (personops.PresetsReply, error) {
		all, err := s.Presets(ctx)
		return personops.PresetsReply{Presets: all}, err
	})
	add(t, missing, personops.OpRecognise, func(ctx context.Context, r personops.RecogniseRequest) (personops.DraftReply, error) {
		d, err := s.Recognise(ctx, r.Address)
		return personops.DraftReply{Draft: &d}, err
	})
	add(t, missing, personops.OpCheck, func(ctx context.Context, r personops.DraftRequest) (personops.JudgementReply, error) {
		j, err := s.Check(ctx, r.Draft)
		return personops.JudgementReply{Judged: &j}, err
	})
	add(t, missing, personops.OpAdd, func(ctx context.Context, r personops.DraftRequest) (personops.JudgementReply, error) {
		j, err := s.Add(ctx, r.Draft)
		return personops.JudgementReply{Judged: &j}, err
	})
	add(t, missing, personops.OpImport, func(ctx context.Context, r personops.ImportRequest) (personops.ImportReply, error) {
		i, err := s.Import(ctx, r.Import)
		return personops.ImportReply{Imported: &i}, err
	})
	add(t, missing, personops.OpSettings, func(ctx context.Context, _ wire.Nothing) (personops.PreferencesReply, error) {
		p, err := s.Preferences(ctx)
		return personops.PreferencesReply{Preferences: &p}, err
	})
	add(t, missing, personops.OpChange, func(ctx context.Context, r personops.ChangeRequest) (personops.PreferencesReply, error) {
		p, err := s.Change(ctx, r.Change)
		return personops.PreferencesReply{Preferences: &p}, err
	})
}

// add puts an operation of one line into the table. Where missing is an error,
// that is the answer.
func add[Req, Rep any](t table, missing error, op wire.Op[Req, Rep], do func(context.Context, Req) (Rep, error)) {
	t[string(op)] = func(line []byte) (answer, error) {
		req, err := wire.DecodeRequest[Req](line)
		return func(ctx context.Context, _ func(any)) (any, error) {
			if missing != nil {
				return nil, missing
			}
			return do(ctx, req)
		}, err
	}
}

// addLines puts an operation of several lines into the table, whose last is
// empty.
func addLines[Req, Rep any](t table, op wire.Op[Req, Rep], do func(context.Context, Req, func(Rep)) error) {
	t[string(op)] = func(line []byte) (answer, error) {
		req, err := wire.DecodeRequest[Req](line)
		return func(ctx context.Context, send func(any)) (any, error) {
			return nil, do(ctx, req, func(r Rep) { send(r) })
		}, err
	}
}

// addLast puts an operation of several lines into the table, of which the last
// is the answer.
func addLast[Req, Rep any](t table, op wire.Op[Req, Rep], do func(context.Context, Req, func(Rep)) (Rep, error)) {
	t[string(op)] = func(line []byte) (answer, error) {
		req, err := wire.DecodeRequest[Req](line)
		return func(ctx context.Context, send func(any)) (any, error) {
			return do(ctx, req, func(r Rep) { send(r) })
		}, err
	}
}

// unknown is the answer to an operation that is not in the table.
func unknown(op string) error { return wire.BadRequest("keyfob cannot do " + auth.Quote(op)) }

// noTray is an error if so: what was asked for is part of a desktop.
func noTray(so bool) error {
	if !so {
		return nil
	}
	return &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeNoTray,
		What: "the keyfob that runs has no tray",
		Do:   "quit it and start `keyfob` on a desktop",
		Who:  auth.WhoYou,
	}
}
