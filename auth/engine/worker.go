package engine

import (
	"context"
	"errors"
	"sync"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// worker does what takes time, in goroutines beside the loop: it talks to the
// keychain, the provider and the browser. It is given copies of the facts, so
// that it can change none.
type worker struct {
	cfg      Config
	store    keychain.Careful // where refreshes and sign-ins put their tokens
	loadSlot chan struct{}    // holds one for each of the readers at work that ask nobody
	running  sync.WaitGroup   // everything that the loop waits for before it ends
}

func newWorker(cfg Config) *worker {
	w := &worker{cfg: cfg, loadSlot: make(chan struct{}, loadsAtOnce)}
	w.store = w.quietKeychain()
	return w
}

// quietKeychain is the keychain for what happens by itself.
func (w *worker) quietKeychain() keychain.Careful { return keychain.Careful{Store: w.cfg.Store} }

// askingKeychain is the keychain for what a person wants. Somebody who insists
// is asked again, however lately they gave no password.
func (w *worker) askingKeychain(insist bool) keychain.Careful {
	return keychain.Careful{Store: w.cfg.Store, Ask: func(ctx context.Context) (func(bool), error) {
		if w.cfg.MayAsk == nil {
			return func(bool) {}, nil
		}
		return w.cfg.MayAsk(ctx, insist)
	}}
}

// keychainFor is the keychain for what somebody insists on, who may be asked or
// not.
func (w *worker) keychainFor(mayUnlock bool) keychain.Careful {
	if mayUnlock {
		return w.askingKeychain(true)
	}
	return w.quietKeychain()
}

// save stores tokens, in the keychain where that works and else in memory. The
// error says why it was memory; the tokens are not lost then.
func (w *worker) save(ctx context.Context, tool string, t auth.Tokens) (store string, fault *auth.Error) {
	if err := w.store.Save(ctx, tool, t); err != nil {
		return session.StoreMemory, auth.AsError(err)
	}
	return session.StoreKeychain, nil
}

// keychainHolds reports whether err is of a keychain that is absent here, as in
// a session without a desktop, although it holds the tool's tokens. The error is
// then one that says so.
func (w *worker) keychainHolds(tool string, err error) (bool, error) {
	e := auth.AsError(err)
	if e == nil || e.Code != auth.CodeKeychainAbsent || w.cfg.KeychainHolds == nil || !w.cfg.KeychainHolds(tool) {
		return false, err
	}
	return true, keychain.OutOfReach(e)
}

// keychainResult is what became of reading, storing or deleting.
type keychainResult struct {
	tokens auth.Tokens
	holds  bool // see [Facts.KeychainHolds]
	err    error
}

// answered reports whether the keychain said what it holds, if anything.
func (r keychainResult) answered() bool {
	return r.err == nil || errors.Is(r.err, keychain.ErrNotFound)
}

// canceled reports whether the reader was told to stop.
func (r keychainResult) canceled() bool { return errors.Is(r.err, context.Canceled) }
