package manage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/setup"
	"keyfob/auth"
	"keyfob/auth/session"
)

// List writes a line for each tool of the settings, usable or not.
func (t Tools) List(_ context.Context, o cli.ToolsListOptions) error {
	s, err := config.LoadAll(t.Path, t.System)
	if err != nil {
		return err
	}
	for _, tool := range t.Notes.Orphans(s) {
		cli.SayOrphan(t.Env, tool, t.Notes.Words(tool))
	}
	for _, e := range s.Ignored {
		cli.Report(t.Env.Err, e)
	}
	if o.JSON {
		return cli.PrintJSON(t.Env.Out, toolsJSON(s))
	}
	if len(s.Lines) == 0 {
		return cli.Say(t.Env.Out, "no tools in "+s.Path+" yet: add one with `keyfob tools add` or `keyfob tools import`")
	}
	var b strings.Builder
	var rows [][]string
	row := func(id string, cells ...string) {
		rows = append(rows, append([]string{id}, append(cells, written(s, id))...))
	}
	for _, tool := range s.Tools {
		row(tool.ID, tool.Name, tool.Provider, place(tool))
	}
	for _, bad := range s.Bad {
		row(bad.ID, bad.Name, "cannot be used", bad.Err.What)
	}
	sayTable(&b, rows)
	return cli.SayLines(t.Env.Out, strings.TrimSuffix(b.String(), "\n"))
}

// written is where a tool's table stands, and whose it is.
func written(s *config.Settings, id string) string {
	if file, ok := s.Administrators[id]; ok {
		return fmt.Sprintf("%s:%d, an administrator's", file, s.Lines[id])
	}
	return fmt.Sprintf("%s:%d", s.Path, s.Lines[id])
}

// place is where a tool's tokens come from.
func place(t auth.Tool) string {
	if t.Issuer == "" {
		return t.Endpoints.Token
	}
	return t.Issuer
}

// Show writes one tool as it takes effect, with what its provider's preset fills
// in, in the words of the settings.
func (t Tools) Show(o cli.ToolsShowOptions) error {
	s, err := config.LoadAll(t.Path, t.System)
	if err != nil {
		return err
	}
	tool, err := setup.FindTool(s, o.Tool)
	if err != nil {
		return err
	}
	text, err := config.Format(tool)
	if err != nil {
		return err
	}
	head := fmt.Sprintf("# %s, with what the provider %s fills in\n", written(s, o.Tool), tool.Provider)
	if tool.ClientAuth.NeedsSecret() {
		head += "# the client secret is kept in the keychain: `keyfob tools secret " + o.Tool + "`\n"
	}
	return cli.SayLines(t.Env.Out, head+strings.TrimSuffix(text, "\n"))
}

// Add writes a tool of the flags into the settings.
func (t Tools) Add(ctx context.Context, o cli.ToolsAddOptions) error {
	s, err := config.LoadAll(t.Path, t.System)
	if err != nil {
		return err
	}
	if err := s.NotYours(o.Tool, "change it there, or choose another ID"); err != nil {
		return err
	}
	tool, err := setup.AddTool(ctx, s.Path, o.Tool, settings(o.Keys))
	if err != nil {
		return err
	}
	if err := t.Reload(ctx); err != nil {
		return err
	}
	return cli.Say(t.Env.Err, "added "+o.Tool+" to "+s.Path+": "+next(tool))
}

// settings are the keys as the settings file holds them.
func settings(keys []cli.Key) []config.KeyValue {
	all := make([]config.KeyValue, len(keys))
	for i, k := range keys {
		all[i] = config.KeyValue{Key: k.Name, Value: k.Value}
		if d, ok := k.Value.(cli.Date); ok {
			all[i].Value = toml.LocalDate{Year: d.Year, Month: int(d.Month), Day: d.Day}
		}
	}
	return all
}

// next says what to do with a tool that was just added.
func next(t auth.Tool) string {
	switch login := "`keyfob login " + t.ID + "`"; {
	case t.ClientAuth.NeedsSecret() && t.Grant == auth.GrantService:
		return "store its client secret with `keyfob tools secret " + t.ID + "`, then `keyfob token " + t.ID + "` gets a token"
	case t.ClientAuth.NeedsSecret():
		return "store its client secret with `keyfob tools secret " + t.ID + "`, then sign in with " + login
	default:
		return "sign in with " + login
	}
}

// Remove takes a tool out of the settings and says what is left of it.
func (t Tools) Remove(ctx context.Context, o cli.ToolsRemoveOptions) error {
	s, err := config.LoadAll(t.Path, t.System)
	if err != nil {
		return err
	}
	if err := s.NotYours(o.Tool, "remove it there"); err != nil {
		return err
	}
	if _, ok := s.Lines[o.Tool]; ok && o.Logout {
		r, err := t.Engine.Logout(ctx, o.Tool, session.SignOutOptions{Waits: func(why *auth.Error) { cli.Report(t.Env.Err, why) }})
		if fault := cli.PrintSignOut(t.Env.Err, o.Tool, r, err, false); err != nil || fault != nil {
			return errors.Join(err, fault)
		}
		if err := t.Engine.DeleteSecret(ctx, o.Tool); err != nil && auth.AsError(err).Code != auth.CodeKeychainAbsent {
			return err
		}
	}
	removed, err := config.Remove(ctx, s.Path, o.Tool)
	if err != nil {
		return err
	}
	if err := t.Reload(ctx); err != nil {
		return err
	}
	if err := cli.Say(t.Env.Err, "took these lines out of "+s.Path+":"); err != nil {
		return err
	}
	if err := cli.SayLines(t.Env.Out, strings.TrimSuffix(removed, "\n")); err != nil {
		return err
	}
	return cli.SayLines(t.Env.Err, left(ctx, o.Tool, t.Engine))
}

// left says what the keychain still holds of a tool that is no longer in the
// settings.
func left(ctx context.Context, id string, e Engine) string {
	tokens, secret, err := e.Holds(ctx, id)
	var still []string
	if tokens {
		still = append(still, "its tokens are still in the keychain: `keyfob logout "+id+"` deletes them")
	}
	if secret {
		still = append(still, "its client secret is still in the keychain: `keyfob tools secret "+id+" --remove` deletes it")
	}
	switch {
	case err != nil:
		return "whether the keychain still holds something of it cannot be said: " + auth.AsError(err).What
	case still == nil:
		return "the keychain holds nothing of it"
	}
	return strings.Join(still, "\n")
}
