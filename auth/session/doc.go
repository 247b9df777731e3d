// Package session holds what the rest of Keyfob sees of a tool's session: its
// state, what a person may do with it, and what goes into and comes out of a
// sign-in and a sign-out. Windows and commands link it, so it holds types and
// what follows from them alone.
//
// It must never decide what state a session is in, which is the engine's,
// choose words (it carries those of the engine), or import anything but auth.
package session
