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

// inside is the keychain itself.
func inside(store keychain.Store) keychain.Store {
	if n, ok := store.(ledger.Store); ok {
		return n.Store
	}
	return store
}

// Orphans are the tools of which the keychain holds something and the settings
// nothing. Settings that cannot be read make no tool an orphan.
func (p program) Orphans() []cli.Orphan {
	var all []cli.Orphan
	for _, tool := range p.orphans() {
		all = append(all, cli.Orphan{Tool: tool, Holds: p.host.holds(tool)})
	}
	return all
}

// orphans are their IDs.
func (p program) orphans() []string {
	settings, err := p.settings()
	if err != nil {
		return nil
	}
	return p.host.ledger(settings.Path).Orphans(func(tool string) bool { return settings.Lines[tool] > 0 })
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

// Forget deletes what no tool owns, after a sign-out that ended with err: all
// of it with --all, and that of the one tool that the settings do not know.
func (p program) Forget(ctx context.Context, o cli.LogoutOptions, err error) (forgotten []string, end error) {
	switch {
	case o.All:
		forgotten, fault := p.forget(ctx, p.orphans())
		return forgotten, errors.Join(err, fault)
	case err == nil || auth.AsError(err).Code != auth.CodeUnknownTool || !config.IsID(o.Tool):
		return nil, err
	}
	settings, fault := p.settings()
	if fault != nil || settings.Lines[o.Tool] > 0 {
		return nil, err // an engine that has not read the settings yet
	}
	if !slices.Contains(p.orphans(), o.Tool) {
		note := p.host.ledger(settings.Path)
		if other := note.Elsewhere(o.Tool); other != "" {
			e := *auth.AsError(err)
			e.What = "there is no tool " + auth.Quote(o.Tool) + " in " + settings.Path + "; what the keychain holds of it is of " + other
			e.Do = "run `keyfob --config " + other + " logout " + o.Tool + "`"
			return nil, &e
		}
		if !note.Usual {
			return nil, err // whose it is, nobody knows
		}
		// An older Keyfob noted nothing.
		dir, fault := config.RuntimeDir()
		if fault != nil {
			return nil, err
		}
		tokens, secret, fault := p.keeper(dir).Left(ctx, o.Tool)
		if fault != nil || !tokens && !secret {
			return nil, err
		}
	}
	return p.forget(ctx, []string{o.Tool})
}

// forget deletes what the keychain holds of tools that nothing else is known of.
func (p program) forget(ctx context.Context, tools []string) (forgotten []string, err error) {
	if len(tools) == 0 {
		return nil, nil
	}
	dir, err := config.RuntimeDir()
	if err != nil {
		return nil, err
	}
	k := p.keeper(dir)
	var failed error
	for _, tool := range tools {
		if err := errors.Join(k.deleteTokens(ctx, tool), k.DeleteSecret(ctx, tool)); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		forgotten = append(forgotten, tool)
	}
	return forgotten, failed
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
