package app

import (
	"path/filepath"
	"sync"

	"keyfob/app/cli"
	"keyfob/app/folders"
	"keyfob/app/holdings"
	"keyfob/app/ledger"
	"keyfob/app/lock"
	"keyfob/auth/keychain"
)

// ledger is the note of what the keychain holds, for who uses the settings file
// at path.
func (h host) ledger(path string) ledger.Ledger {
	dir, err := folders.StateDir()
	if err != nil {
		return ledger.Ledger{}
	}
	usual, err := folders.DefaultSettings()
	return ledger.Ledger{Path: filepath.Join(dir, "stored.json"), Settings: path, Usual: err == nil && path == usual}
}

// noted is store with that note. What cannot be noted is told once.
func (h host) noted(store keychain.Store, path string) keychain.Store {
	var once sync.Once
	return ledger.Store{Store: store, Ledger: h.ledger(path), Failed: func(err error) {
		once.Do(func() { cli.Report(h.err, err) })
	}}
}

func (h host) holdings(store keychain.Store, path string, locks lock.Folders) holdings.Holdings {
	return holdings.Holdings{Store: store, Ledger: h.ledger(path), Locks: locks}
}

// sharedLocks are the locks of a process with this runtime folder.
func sharedLocks(dir string) lock.Folders {
	state, _ := folders.StateDir() // without one they are in the runtime folder
	return lock.Folders{State: state, Runtime: dir, Earlier: folders.EarlierRuntimeDirs()}
}
