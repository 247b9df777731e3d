// Package wire is what both ends of the local socket share: where the socket is
// and whose, the operations with their types, and how a line of JSON crosses it.
//
// It must never decide anything, keep anything, or let a refresh token through.
package wire
