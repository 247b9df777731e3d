// Package cli is Keyfob's command line: its verbs, their flags, what they
// print and how they end.
//
// Rules of this user interface: what a program reads goes to stdout and
// nothing else does; everything for people goes to stderr. An error is one
// line, "keyfob: what happened: what to do". The exit code says what kind it
// was, by the one map in [ExitCode]. No verb but login and logout ever opens a
// browser.
//
// The package owns words and formats. It must never talk to a provider or a
// keychain itself: it asks an [Engine].
package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// Engine is who the verbs ask: the running engine over its socket, or this
// very process where none runs.
type Engine interface {
	Status(ctx context.Context) ([]session.Snapshot, error)
	Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error)
	Login(ctx context.Context, tool string, o session.SignInOptions) error
	Logout(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error)
}

// IO is where a verb reads and writes.
type IO struct {
	In       io.Reader // read by `keyfob tools secret` alone
	Out, Err io.Writer
	Now      func() time.Time
	ExecInfo string // the environment's [formats.ExecInfo]
}

// Run runs a verb that asks an engine: login, token, status or logout.
func Run(ctx context.Context, c Command, e Engine, w IO) error {
	switch c.Verb {
	case Token:
		return token(ctx, c, e, w)
	case Status:
		return status(ctx, c, e, w)
	case Login:
		return login(ctx, c, e, w)
	case Logout:
		return logout(ctx, c, e, w)
	}
	return usage("there is no verb " + auth.Quote(c.Verb))
}

func status(ctx context.Context, c Command, e Engine, w IO) error {
	all, err := e.Status(ctx)
	if err != nil {
		return err
	}
	if c.Tool != "" {
		one, err := find(all, c.Tool)
		if err != nil {
			return err
		}
		all = []session.Snapshot{one}
	}
	if !c.Status.JSON {
		if len(all) == 0 && c.Status.Broken {
			return nil // nobody knows whether there are tools
		}
		return printStatus(w.Out, all, w.Now())
	}
	return printJSON(w.Out, sessionsJSON(all))
}

func login(ctx context.Context, c Command, e Engine, w IO) error {
	ctx, cancel := context.WithTimeout(ctx, c.Login.Timeout)
	defer cancel()
	err := e.Login(ctx, c.Tool, session.SignInOptions{
		NoBrowser: c.Login.NoBrowser,
		Prompt:    c.Login.Prompt,
		Offline:   c.Login.Offline, SwitchAccount: c.Login.Switch,
		Progress: func(s session.Step) {
			switch s.Name {
			case session.StepKeychain:
				_ = Say(w.Err, "keyfob: "+s.Detail)
			case session.StepBrowser:
				_ = Say(w.Err, "waiting for you in the browser; if none opened, open this address:")
				_ = Say(w.Err, auth.ASCIIAddress(s.Detail))
			case session.StepAddress:
				_ = Say(w.Err, "open this address in a browser on this machine:")
				_ = Say(w.Err, auth.ASCIIAddress(s.Detail))
			}
		},
	})
	if err != nil {
		switch ctx.Err() {
		case context.Canceled:
			return &auth.Error{
				Kind: auth.KindCanceled,
				Code: auth.CodeCanceled,
				What: "the sign-in was cancelled",
				Who:  auth.WhoYou,
				Err:  err,
			}
		case context.DeadlineExceeded:
			return &auth.Error{
				Kind: auth.KindCanceled,
				Code: auth.CodeTimeout,
				What: "nobody signed in within " + c.Login.Timeout.String(),
				Do:   "run the command again",
				Who:  auth.WhoYou,
			}
		}
		return err
	}
	all, err := e.Status(ctx)
	if err != nil {
		return err
	}
	s, err := find(all, c.Tool)
	if err != nil {
		return err
	}
	return Say(w.Err, statusLine(s, w.Now()))
}

func logout(ctx context.Context, c Command, e Engine, w IO) error {
	tools := []string{c.Tool}
	if c.All {
		all, err := e.Status(ctx)
		if err != nil {
			return err
		}
		tools = nil
		for _, s := range all {
			tools = append(tools, s.Tool)
		}
	}
	o := session.SignOutOptions{Local: c.Local, Browser: !c.Local}
	var still []string
	var first error
	for _, t := range tools {
		p, err := e.Logout(ctx, t, o)
		if p.Page != "" {
			o.Pages = append(o.Pages, p.Page)
		}
		if err != nil {
			still, first = append(still, t), cmp.Or(first, err)
		}
		if e := printSignOut(w.Err, t, p, err, c.All); e != nil {
			return errors.Join(err, e)
		}
	}
	if first == nil || !c.All {
		return first
	}
	all := *auth.AsError(first)
	all.What, all.Err = "still signed in on this machine to "+strings.Join(still, ", "), first
	return &all
}

// printSignOut says what became of a sign-out. With err it failed on this
// machine, which is said elsewhere unless it is one of several.
func printSignOut(w io.Writer, tool string, p session.SignOutResult, err error, several bool) error {
	what := "signed out of " + tool + " on this machine"
	if err != nil && len(p.Words) == 0 && !several {
		return nil
	}
	if err != nil {
		what = "not signed out of " + tool + " on this machine"
		if several {
			what += ": " + auth.AsError(err).What
		}
	}
	if len(p.Words) > 0 {
		what += "; " + p.Line()
	}
	if err := Say(w, what); err != nil || p.Rule == "" {
		return err
	}
	return Say(w, p.Rule)
}

// PrintForgotten says that what the keychain held of a tool is deleted which is
// no longer in the settings.
func PrintForgotten(w io.Writer, tool string) error {
	return Say(w, "deleted what the keychain held of "+tool+"; the provider was not told, since the tool is no longer in the settings")
}

func find(all []session.Snapshot, tool string) (session.Snapshot, error) {
	for _, s := range all {
		if s.Tool == tool {
			return s, nil
		}
	}
	return session.Snapshot{}, &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeUnknownTool,
		What: "there is no tool " + auth.Quote(tool) + " in the settings",
		Do:   "run `keyfob status` to see the tools",
		Who:  auth.WhoYou,
	}
}
