package app

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/ledger"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/keychain"
)

// What the keychain holds of tools that are no longer in the settings: nobody
// would ever use or delete it, so it is told, and `keyfob logout` deletes it.

// ledger is the note of what the keychain holds, for who uses the settings file
// at path.
func (h host) ledger(path string) ledger.Ledger {
	dir, err := config.StateDir()
	if err != nil {
		return ledger.Ledger{}
	}
	usual, err := config.DefaultPath()
	return ledger.Ledger{Path: filepath.Join(dir, "stored.json"), Settings: path, Usual: err == nil && path == usual}
}

// noted is this process's keychain with that note. What cannot be noted is told
// once.
func (h host) noted(path string) keychain.Store {
	var once sync.Once
	return ledger.Store{Store: h.keychain, Ledger: h.ledger(path), Failed: func(err error) {
		once.Do(func() { cli.Report(h.err, err) })
	}}
}

// orphans are the IDs of the tools of which the keychain holds something and
// the settings nothing. Settings that cannot be read make no tool an orphan.
func (h host) orphans(c cli.Command) []string {
	settings, err := h.settings(c)
	if err != nil {
		return nil
	}
	return h.ledger(settings.Path).Orphans(func(tool string) bool { return settings.Lines[tool] > 0 })
}

// sayOrphans tells of them.
func (h host) sayOrphans(c cli.Command) {
	for _, tool := range h.orphans(c) {
		if c.Tool != "" && c.Tool != tool {
			continue
		}
		cli.Report(h.err, &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeOrphan, Who: auth.WhoYou,
			What: "the keychain still holds " + h.holds(tool) + " of " + auth.Quote(tool) + ", which is no longer in the settings",
			Do:   "put the tool back, or run `" + c.Again("logout "+tool) + "` to delete it",
		})
	}
}

// holds is what the keychain holds of a tool.
func (h host) holds(tool string) string {
	names := h.ledger("").Names()
	var what []string
	if slices.Contains(names, tool) {
		what = append(what, "the sign-in")
	}
	if slices.Contains(names, keychain.SecretName(tool)) {
		what = append(what, "the client secret")
	}
	return strings.Join(what, " and ")
}

// logoutOrphans deletes what no tool owns, after a sign-out that ended with err:
// all of it with --all, and that of the one tool that the settings do not know.
func (h host) logoutOrphans(ctx context.Context, c cli.Command, err error) error {
	switch {
	case c.All:
		return errors.Join(err, h.forget(ctx, c, h.orphans(c)))
	case err == nil || auth.AsError(err).Code != auth.CodeUnknownTool || !config.IsID(c.Tool):
		return err
	}
	settings, fault := h.settings(c)
	if fault != nil || settings.Lines[c.Tool] > 0 {
		return err // an engine that has not read the settings yet
	}
	if !slices.Contains(h.orphans(c), c.Tool) {
		note := h.ledger(settings.Path)
		if other := note.Elsewhere(c.Tool); other != "" {
			e := *auth.AsError(err)
			e.What = "there is no tool " + auth.Quote(c.Tool) + " in " + settings.Path + "; what the keychain holds of it is of " + other
			e.Do = "run `keyfob --config " + other + " logout " + c.Tool + "`"
			return &e
		}
		if !note.Usual {
			return err // whose it is, nobody knows
		}
		// An older Keyfob noted nothing.
		dir, fault := config.RuntimeDir()
		if fault != nil {
			return err
		}
		tokens, secret, fault := h.keeper(c, dir).Left(ctx, c.Tool)
		if fault != nil || !tokens && !secret {
			return err
		}
	}
	return h.forget(ctx, c, []string{c.Tool})
}

// forget deletes what the keychain holds of tools that nothing else is known of.
func (h host) forget(ctx context.Context, c cli.Command, tools []string) error {
	if len(tools) == 0 {
		return nil
	}
	dir, err := config.RuntimeDir()
	if err != nil {
		return err
	}
	k := h.keeper(c, dir)
	var failed error
	for _, tool := range tools {
		if err := errors.Join(k.deleteTokens(ctx, tool), k.DeleteSecret(ctx, tool)); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		if err := cli.PrintForgotten(h.err, tool); err != nil {
			return err
		}
	}
	return failed
}

// deleteTokens deletes a tool's tokens, whoever they are of.
func (k keeper) deleteTokens(ctx context.Context, tool string) error {
	release, err := lock.NewSessions(k.dir).Take(ctx, tool)
	if err != nil {
		return err
	}
	defer release()
	return k.store.Delete(ctx, tool)
}
