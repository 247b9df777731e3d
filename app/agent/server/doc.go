// Package server is the engine's end of the local socket. It owns the rule that
// a user has one engine, who may ask it, and how many at once.
//
// It must never listen on a network, never answer another user, never send a
// refresh token, and never decide anything about a session: it asks an
// [Engine].
package server
