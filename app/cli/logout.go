package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"

	"keyfob/auth"
	"keyfob/auth/session"
)

// LogoutOptions are those of `keyfob logout`.
type LogoutOptions struct {
	Tool  string // or empty with All
	All   bool
	Local bool
}

func logoutCommand() *Command {
	var o LogoutOptions
	return &Command{
		Name: "logout", Options: &o, Changes: always, NeedsSettings: always,
		Short: "sign out, here and at the provider",
		Args:  []Arg{{Name: "TOOL", Or: "all", To: &o.Tool}},
		Flags: []Flag{
			{Name: "all", To: &o.All, Help: "sign out of every tool"},
			{Name: "local", To: &o.Local, Help: "delete the tokens here and tell nobody"},
		},
		Long: `Deletes the tokens on this machine, then has the provider revoke them and opens
its sign-out page in the browser. It says what the provider cannot do. A tool that
is no longer in the settings can be named too: what the keychain still holds of
it is deleted.`,
		Examples: []Example{{
			"keyfob logout plant4",
			"deletes the tokens here, has the provider revoke them, and opens its sign-out page; `--local` only deletes the " +
				"tokens here, `--all` is for every tool, with one page for tools that share a session in the browser; also " +
				"deletes what the keychain holds of a tool that is no longer in the settings",
		}},
		Check: func() error {
			if o.All == (o.Tool != "") {
				return usageError("logout takes one tool, or --all")
			}
			return nil
		},
		Run: func(ctx context.Context, p Program, e Env) error { return logout(ctx, o, p, e) },
	}
}

func logout(ctx context.Context, o LogoutOptions, p Program, e Env) error {
	engine, err := p.Engine()
	if err != nil {
		return err
	}
	open := p.OpenBrowser
	if !p.HasBrowser() {
		open = nil // the engine may be on a desktop
	}
	tools, err := o.tools(ctx, engine)
	if err != nil {
		return err
	}
	if err = signOut(ctx, o, tools, engine, open, e); ctx.Err() == nil && (o.All || unknownTool(err)) {
		if fault := forget(ctx, o, engine, e); o.All {
			err = errors.Join(err, fault)
		} else {
			err = fault // which says the same where nothing is there to forget
		}
	}
	explain(ctx, e, engine, o.Tool, err)
	return err
}

// forget deletes what the keychain holds of the tool, or of all tools, which the
// settings do not have.
func forget(ctx context.Context, o LogoutOptions, engine Engine, e Env) error {
	forgotten, err := engine.Forget(ctx, o.Tool)
	for _, tool := range forgotten {
		const what = "; the provider was not told, since the tool is no longer in the settings"
		if err := Say(e.Err, "deleted what the keychain held of "+tool+what); err != nil {
			return err
		}
	}
	return err
}

// tools are those to sign out of.
func (o LogoutOptions) tools(ctx context.Context, engine Engine) ([]string, error) {
	if !o.All {
		return []string{o.Tool}, nil
	}
	all, err := engine.Status(ctx)
	var tools []string
	for _, s := range all.Snapshots {
		tools = append(tools, s.Tool)
	}
	return tools, err
}

// signOut signs out of one tool after the other, whatever becomes of one.
func signOut(
	ctx context.Context, o LogoutOptions, tools []string, engine Engine, open func(context.Context, string) error, e Env,
) error {
	how := session.SignOutOptions{Local: o.Local, Browser: !o.Local, Waits: e.waits}
	if !o.Local && open != nil {
		how.Open = func(ctx context.Context, address string) error {
			if err := open(ctx, address); err != nil {
				Report(e.Err, err) // the session here ends all the same
			}
			return nil
		}
	}
	var still []string
	var first error
	for _, t := range tools {
		r, err := engine.Logout(ctx, t, how)
		if r.Page != "" {
			how.Pages = append(how.Pages, r.Page)
		}
		if err != nil {
			still, first = append(still, t), cmp.Or(first, err)
		}
		if fault := PrintSignOut(e.Err, t, r, err, o.All); fault != nil {
			return errors.Join(err, fault)
		}
	}
	if first == nil || !o.All {
		return first
	}
	all := *auth.AsError(first)
	all.What, all.Err = "still signed in on this machine to "+strings.Join(still, ", "), first
	return &all
}

// PrintSignOut says what became of a sign-out. With err it failed on this
// machine; then the caller reports it, unless the tool is one of several.
func PrintSignOut(w io.Writer, tool string, r session.SignOutResult, err error, several bool) error {
	what := "signed out of " + tool + " on this machine"
	if err != nil && len(r.Words) == 0 && !several {
		return nil
	}
	if err != nil {
		what = "not signed out of " + tool + " on this machine"
		if several {
			what += ": " + auth.AsError(err).What
		}
	}
	if len(r.Words) > 0 {
		what += "; " + r.Line()
	}
	if err := Say(w, what); err != nil || r.Rule == "" {
		return err
	}
	return Say(w, r.Rule)
}
