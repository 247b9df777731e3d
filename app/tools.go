package app

import (
	"keyfob/app/cli"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
)

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
