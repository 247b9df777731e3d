package app

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/folders"
	"keyfob/app/holdings"
	"keyfob/app/ledger"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/keychain"
)

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

func (h host) holdings(path, dir string) holdings.Holdings {
	return holdings.Holdings{Store: h.noted(path), Ledger: h.ledger(path), Locks: sharedLocks(dir)}
}

// sharedLocks are the locks of a process with this runtime folder.
func sharedLocks(dir string) lock.Folders {
	state, _ := config.StateDir() // without one they are in the runtime folder
	return lock.Folders{State: state, Runtime: dir, Earlier: folders.EarlierRuntimeDirs()}
}

// Orphans are the tools of which the keychain holds something and the settings
// nothing. Settings that cannot be read make no tool an orphan.
func (p program) Orphans() []cli.Orphan {
	settings, err := p.settings()
	if err != nil {
		return nil
	}
	h := p.host.holdings(settings.Path, "")
	var all []cli.Orphan
	for _, tool := range h.Orphans(settings) {
		all = append(all, cli.Orphan{Tool: tool, Holds: h.Words(tool)})
	}
	return all
}

// Forget deletes what no tool owns, after a sign-out that ended with err: all
// of it with --all, and that of the one tool that the settings do not know.
func (p program) Forget(ctx context.Context, o cli.LogoutOptions, err error) (forgotten []string, end error) {
	if !o.All && (err == nil || auth.AsError(err).Code != auth.CodeUnknownTool || !config.IsID(o.Tool)) {
		return nil, err
	}
	settings, fault := p.settings()
	if fault != nil {
		return nil, err
	}
	dir, fault := config.RuntimeDir()
	if fault != nil {
		return nil, err
	}
	h := p.host.holdings(settings.Path, dir)
	if o.All {
		forgotten, fault := h.Forget(ctx, h.Orphans(settings))
		return forgotten, errors.Join(err, fault)
	}
	return h.ForgetUnknown(ctx, settings, o.Tool, err)
}
