package app

import (
	"slices"
	"time"

	"keyfob/app/cli"
	"keyfob/app/daemon"
	"keyfob/app/lock"
	"keyfob/app/process"
	"keyfob/auth/keychain"
)

// keychainDeadline bounds one use of the keychain. A person may be typing the
// keychain's password meanwhile, so it is no shorter.
const keychainDeadline = time.Minute

// parts are what this process's sessions are made of, with what store keeps.
func (h host) parts(helper *keychain.Child, store keychain.Store, locks lock.Folders) daemon.Parts {
	return daemon.Parts{
		Dir: locks.Runtime, Locks: locks, Store: store, Helper: helper, Now: h.now, OpenBrowser: h.open,
		Stored: func(tool string) bool { return slices.Contains(h.ledger("").Names(), tool) },
	}
}

// childKeychain is the keychain behind a child process of this very program,
// also where another was installed over it. The process starts with the first
// use. Close it at the end.
func childKeychain(service string) *keychain.Child {
	return keychain.NewChild(service, []string{process.Program(), cli.Keychain}, keychainDeadline)
}
