package app

import (
	"context"
	"errors"
	"slices"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// secretOf returns where the provider clients find a tool's client secret: in
// the keychain, and nowhere else. Unless it may ask, a locked keychain is not
// made to ask a person for its password: nobody may be there.
func secretOf(store keychain.Store, ask bool) func(context.Context, auth.Tool) (auth.Secret, error) {
	if !ask {
		store = keychain.Careful{Store: store}
	}
	return func(ctx context.Context, tool auth.Tool) (auth.Secret, error) {
		secret, err := keychain.Secrets{Store: store}.Load(ctx, tool)
		if errors.Is(err, keychain.ErrNotFound) {
			return "", nil // the client says what to do
		}
		return secret, err
	}
}

// Tools does what `keyfob tools` says with this process's settings and keychain.
func (p program) Tools(e cli.Env) (cli.Tools, error) {
	path, err := p.host.settingsPath(p.config)
	if err != nil {
		return nil, err
	}
	dir, err := config.RuntimeDir()
	if err != nil {
		return nil, err
	}
	return manage.Tools{Path: path, System: p.host.system, Keeper: p.keeper(dir), Env: e}, nil
}

func (p program) keeper(dir string) keeper {
	path, _ := p.host.settingsPath(p.config) // whoever reads the settings tells that there are none
	return keeper{program: p, dir: dir, store: p.host.noted(path)}
}

// keeper does for `keyfob tools` what is done in the keychain and by an engine.
type keeper struct {
	program program
	dir     string
	store   keychain.Store
}

// SaveSecret implements [manage.Keeper].
func (k keeper) SaveSecret(ctx context.Context, tool auth.Tool, secret auth.Secret) error {
	release, err := lock.NewSessions(k.dir).Take(ctx, tool.ID)
	if err != nil {
		return err
	}
	defer release()
	return keychain.Secrets{Store: k.store}.Save(ctx, tool, secret)
}

// DeleteSecret implements [manage.Keeper].
func (k keeper) DeleteSecret(ctx context.Context, tool string) error {
	release, err := lock.NewSessions(k.dir).Take(ctx, tool)
	if err != nil {
		return err
	}
	defer release()
	return keychain.Secrets{Store: k.store}.Delete(ctx, tool)
}

// Left implements [manage.Keeper].
func (k keeper) Left(ctx context.Context, tool string) (tokens, secret bool, err error) {
	if err := k.store.Peek(ctx); err != nil {
		names := k.program.host.ledger("").Names()
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

// Logout implements [manage.Keeper].
func (k keeper) Logout(ctx context.Context, tool string) (p session.SignOutResult, err error) {
	client, err := agent.Dial(ctx, k.dir)
	switch {
	case err == nil:
		defer func() { _ = client.Close() }()
		return client.Logout(ctx, tool, session.SignOutOptions{})
	case !errors.Is(err, agent.ErrNoAgent):
		return p, err
	}
	s, err := k.program.settings()
	if err != nil {
		return p, err
	}
	err = k.program.host.withLocal(ctx, s, tool, k.dir, func(e cli.Engine) (err error) {
		p, err = e.Logout(ctx, tool, session.SignOutOptions{})
		return err
	})
	return p, err
}

var _ manage.Keeper = keeper{}
