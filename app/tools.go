package app

import (
	"context"
	"errors"

	"keyfob/app/cli"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/keychain"
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
	return manage.Tools{
		Path: path, System: p.host.system, Holdings: p.host.holdings(path, dir), Ask: p.Ask, Env: e,
	}, nil
}
