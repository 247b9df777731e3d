package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"keyfob/app/config"
	"keyfob/app/setup"
	"keyfob/auth"
)

// listTools writes a line for each tool of the settings, usable or not.
func listTools(s *config.Settings, asJSON bool, w IO) error {
	for _, e := range s.Ignored {
		Report(w.Err, e)
	}
	if asJSON {
		return printJSON(w.Out, toolsJSON(s))
	}
	if len(s.Lines) == 0 {
		return Say(w.Out, "no tools in "+s.Path+" yet: add one with `keyfob tools add` or `keyfob tools import`")
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
	return sayLines(w.Out, strings.TrimSuffix(b.String(), "\n"))
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

// showTool writes one tool as it takes effect, with what its provider's preset
// fills in, in the words of the settings.
func showTool(s *config.Settings, id string, w IO) error {
	tool, err := setup.FindTool(s, id)
	if err != nil {
		return err
	}
	text, err := config.Format(tool)
	if err != nil {
		return err
	}
	head := fmt.Sprintf("# %s, with what the provider %s fills in\n", written(s, id), tool.Provider)
	if tool.ClientAuth.NeedsSecret() {
		head += "# the client secret is kept in the keychain: `keyfob tools secret " + id + "`\n"
	}
	return sayLines(w.Out, head+strings.TrimSuffix(text, "\n"))
}

// addTool writes a tool of the flags into the settings.
func addTool(ctx context.Context, s *config.Settings, c Command, w IO) error {
	if err := s.NotYours(c.Tool, "change it there, or choose another ID"); err != nil {
		return err
	}
	tool, err := setup.AddTool(ctx, s.Path, c.Tool, c.Tools.Settings)
	if err != nil {
		return err
	}
	return Say(w.Err, "added "+c.Tool+" to "+s.Path+": "+next(tool))
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

// removeTool takes a tool out of the settings and says what is left of it.
func removeTool(ctx context.Context, s *config.Settings, c Command, k Keeper, w IO) error {
	if err := s.NotYours(c.Tool, "remove it there"); err != nil {
		return err
	}
	if _, ok := s.Lines[c.Tool]; ok && c.Tools.Logout {
		p, err := k.Logout(ctx, c.Tool)
		if e := printSignOut(w.Err, c.Tool, p, err, false); err != nil || e != nil {
			return errors.Join(err, e)
		}
		if err := k.DeleteSecret(ctx, c.Tool); err != nil && auth.AsError(err).Code != auth.CodeKeychainAbsent {
			return err
		}
	}
	removed, err := config.Remove(ctx, s.Path, c.Tool)
	if err != nil {
		return err
	}
	if err := Say(w.Err, "took these lines out of "+s.Path+":"); err != nil {
		return err
	}
	if err := sayLines(w.Out, strings.TrimSuffix(removed, "\n")); err != nil {
		return err
	}
	return sayLines(w.Err, left(ctx, c.Tool, k))
}

// left says what the keychain still holds of a tool that is no longer in the
// settings.
func left(ctx context.Context, id string, k Keeper) string {
	tokens, secret, err := k.Left(ctx, id)
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
