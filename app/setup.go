package app

import (
	"context"
	"strings"

	"keyfob/app/agent"
	"keyfob/app/config"
	"keyfob/app/setup"
	"keyfob/auth"
	"keyfob/auth/provider"
)

// setup is what a person sets up in the window.
func (d *desk) setup() agent.Setup {
	if d.path == "" {
		return setup.Demo{}
	}
	return setup.Setup{
		Path: d.path, System: d.host.system, Now: d.host.now,
		Secrets: keeper{host: d.host, dir: d.dir, store: d.host.noted(d.path)},
		Settings: func() (*config.Settings, *auth.Error) {
			s, problem := d.host.loadSettings(d.path)
			if problem != nil {
				d.mu.Lock()
				s = d.settings
				d.mu.Unlock()
			}
			return s, problem
		},
		Reload:   d.reload,
		OpenFile: func(ctx context.Context) error { return d.openSettings(ctx, "") },
	}
}

// copyRedirect puts what to register for a preset, and the host that may follow
// it, into the clipboard, where it stays: it is no secret.
func (d *desk) copyRedirect(ctx context.Context, preset string) error {
	preset, host, _ := strings.Cut(preset, " ")
	p, ok := provider.Find(preset)
	if !ok {
		return nil
	}
	return d.publish(ctx, strings.Join(p.Redirects(host), "\n"))
}
