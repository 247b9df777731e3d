// Package session is the heart of Keyfob: it turns facts about each tool's
// sign-in into a state, renews what can be renewed, and runs one operation of
// a kind at a time.
//
// It owns all facts, in one goroutine ([Manager.Run]). Workers do the I/O and
// bring results back; a result that a newer sign-in has overtaken is dropped
// from memory, but tokens that reached the keychain stay there. [Derive] is
// the only judge of state, and its table test is the specification of every
// user interface.
//
// The package must never draw anything, never open a browser unless a person
// asked to sign in, never hold a mutex across I/O, and never let a secret into
// a [Snapshot].
//
// # States
//
//	signed_out   no tokens                                   → signing_in
//	signing_in   a person is in the browser                  → active, or back
//	active       access works or renews                      → expiring, expired, signed_out
//	expiring     access ends soon, and nothing extends it    → active (signed in again), expired
//	expired      access has ended for good                   → active (signed in again)
//	unavailable  the keychain did not answer (yet)           → any
//
// A passing fault of the network or the provider changes no state: the
// snapshot carries the problem and the time of the next try.
package session
