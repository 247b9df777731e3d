package app

import (
	"context"
	"errors"
	"slices"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// tools runs `keyfob tools`.
func (h host) tools(ctx context.Context, c cli.Command) error {
	path, err := h.settingsPath(c)
	if err != nil {
		return err
	}
	dir, err := config.RuntimeDir()
	if err != nil {
		return err
	}
	if c.Tools.Action == cli.ToolsList {
		h.sayOrphans(c)
	}
	return cli.RunTools(ctx, c, h.keeper(c, dir), path, h.system, cli.IO{In: h.in, Out: h.out, Err: h.err, Now: h.now})
}

func (h host) keeper(c cli.Command, dir string) keeper {
	path, _ := h.settingsPath(c) // whoever reads the settings tells that there are none
	return keeper{host: h, command: c, dir: dir, store: h.noted(path)}
}

// keeper does for `keyfob tools` what is done in the keychain and by an engine.
type keeper struct {
	host    host
	command cli.Command
	dir     string
	store   keychain.Store
}

// SaveSecret implements [cli.Keeper].
func (k keeper) SaveSecret(ctx context.Context, tool auth.Tool, secret auth.Secret) error {
	release, err := lock.NewSessions(k.dir).Take(ctx, tool.ID)
	if err != nil {
		return err
	}
	defer release()
	return keychain.Secrets{Store: k.store}.Save(ctx, tool, secret)
}

// DeleteSecret implements [cli.Keeper].
func (k keeper) DeleteSecret(ctx context.Context, tool string) error {
	release, err := lock.NewSessions(k.dir).Take(ctx, tool)
	if err != nil {
		return err
	}
	defer release()
	return keychain.Secrets{Store: k.store}.Delete(ctx, tool)
}

// Left implements [cli.Keeper].
func (k keeper) Left(ctx context.Context, tool string) (tokens, secret bool, err error) {
	if err := k.store.Peek(ctx); err != nil {
		names := k.host.ledger("").Names()
		noted := slices.Contains(names, tool) || slices.Contains(names, keychain.SecretName(tool))
		if auth.AsError(err).Code == auth.CodeKeychainAbsent && !noted {
			return false, false, nil // nothing is stored where nothing ever was
		}
		return false, false, err
	}
	_, err = k.store.Load(ctx, tool)
	switch {
	case err == nil, auth.KindOf(err) == auth.KindDamaged:
		tokens = true
	case !errors.Is(err, keychain.ErrNotFound):
		return false, false, err
	}
	secret, err = keychain.Secrets{Store: k.store}.Has(ctx, tool)
	return tokens, secret, err
}

// Logout implements [cli.Keeper].
func (k keeper) Logout(ctx context.Context, tool string) (p session.SignOutResult, err error) {
	client, err := agent.Dial(ctx, k.dir)
	switch {
	case err == nil:
		defer func() { _ = client.Close() }()
		return client.Logout(ctx, tool, session.SignOutOptions{})
	case !errors.Is(err, agent.ErrNoAgent):
		return p, err
	}
	s, err := k.host.settings(k.command)
	if err != nil {
		return p, err
	}
	err = k.host.withLocal(ctx, s, tool, k.dir, func(e cli.Engine) (err error) {
		p, err = e.Logout(ctx, tool, session.SignOutOptions{})
		return err
	})
	return p, err
}

var _ cli.Keeper = keeper{}
