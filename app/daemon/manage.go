package daemon

import (
	"context"
	"os"
	"path/filepath"

	"keyfob/app/agent/server"
	"keyfob/app/holdings"
	"keyfob/auth"
	"keyfob/auth/keychain"
)

// Suits implements [keyfob/app/agent/server.Manage]. An engine that is of no use
// to anybody makes room for one with the settings that are wanted.
func (d *Daemon) Suits(settings string, named bool) error {
	if d.settings.is(settings) || !named && d.kind != Background {
		return nil
	}
	if d.kind == Background && d.life.idleSoon(context.Background()) && d.life.finish() {
		d.leave()
		return leaving()
	}
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeAgentSettings, Who: auth.WhoYou,
		What: "keyfob runs with the settings " + d.settings.path + ", and this command means " + settings,
		Do:   "run `keyfob quit` first, or name the same file",
	}
}

// is reports whether path names the settings file.
func (s *Settings) is(path string) bool {
	if filepath.Clean(path) == filepath.Clean(s.path) {
		return true
	}
	ours, err := os.Stat(s.path)
	theirs, other := os.Stat(path)
	return err == nil && other == nil && os.SameFile(ours, theirs)
}

// Reload implements [keyfob/app/agent/server.Manage].
func (d *Daemon) Reload(ctx context.Context) error {
	d.reload(ctx)
	return ctx.Err()
}

// Yield implements [keyfob/app/agent/server.Manage].
func (d *Daemon) Yield(ctx context.Context) error {
	if d.kind == Background && d.life.yield(ctx) {
		d.leave()
		return leaving()
	}
	if d.kind != Background {
		return server.ErrRunning
	}
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeAgentInUse, Who: auth.WhoYou,
		What: "the keyfob that a command started is in use, or holds tokens that no keychain keeps",
		Do:   "try again later, or run `keyfob quit` first and sign in again",
	}
}

// SaveSecret implements [keyfob/app/agent/server.Manage].
func (d *Daemon) SaveSecret(ctx context.Context, tool string, secret auth.Secret, unlock bool) error {
	for _, t := range d.settings.Reread().Tools {
		if t.ID == tool {
			if err := d.held(unlock).SaveSecret(ctx, t, secret); err != nil {
				return err
			}
			d.reload(ctx) // a session that was refused for the old one tries again
			return nil
		}
	}
	return unknownTool(tool)
}

// DeleteSecret implements [keyfob/app/agent/server.Manage].
func (d *Daemon) DeleteSecret(ctx context.Context, tool string, unlock bool) error {
	return d.held(unlock).DeleteSecret(ctx, tool)
}

// Holds implements [keyfob/app/agent/server.Manage].
func (d *Daemon) Holds(ctx context.Context, tool string) (tokens, secret bool, err error) {
	return d.holdings.Left(ctx, tool)
}

// Forget implements [keyfob/app/agent/server.Manage].
func (d *Daemon) Forget(ctx context.Context, tool string, unlock bool) ([]string, error) {
	s, h := d.settings.Reread(), d.held(unlock)
	if tool == "" {
		return h.Forget(ctx, h.Orphans(s))
	}
	return h.ForgetUnknown(ctx, s, tool, unknownTool(tool))
}

// held is what the keychain holds, for a request of somebody who may be there to
// give its password or not.
func (d *Daemon) held(unlock bool) holdings.Holdings {
	h := d.holdings
	if !unlock {
		h.Store = keychain.Careful{Store: h.Store}
	}
	return h
}

func unknownTool(tool string) error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeUnknownTool, Who: auth.WhoYou,
		What: "there is no tool " + auth.Quote(tool) + " in the settings", Do: "run `keyfob status` to see the tools",
	}
}

func leaving() error {
	return &auth.Error{
		Kind: auth.KindTransient, Code: auth.CodeAgentLeaving, Who: auth.WhoWait,
		What: "keyfob is ending", Do: "try again",
	}
}
