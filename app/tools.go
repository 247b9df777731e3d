package app

import (
	"context"
	"errors"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
	"keyfob/app/holdings"
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
	return manage.Tools{Path: path, System: p.host.system, Keeper: keeper{p.host.holdings(path, dir), p}, Env: e}, nil
}

// keeper does for `keyfob tools` what is done in the keychain and by an engine.
type keeper struct {
	holdings.Holdings
	program program
}

// Logout implements [manage.Keeper].
func (k keeper) Logout(ctx context.Context, tool string) (p session.SignOutResult, err error) {
	client, err := agent.Dial(ctx, k.Dir)
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
	err = k.program.host.withLocal(ctx, s, tool, k.Dir, func(e cli.Engine) (err error) {
		p, err = e.Logout(ctx, tool, session.SignOutOptions{})
		return err
	})
	return p, err
}

var _ manage.Keeper = keeper{}
