//go:build unix

package server

import "errors"

// yield gives up nothing: whoever is to have the lock inherits it.
func (l *Listener) yield() {}

// reclaim has nothing to take back.
func (l *Listener) reclaim() error { return nil }

// giveUp closes what another process has adopted.
func (l *Listener) giveUp() error { return errors.Join(l.ln.Close(), l.lock.Leave()) }
