// Package handover replaces the engine by the program that stands in its place
// on disk, as after an update.
//
// The engine that runs starts that program, which prepares while the old one
// still serves. Then the old one stops, gives what only its memory holds
// through an inherited pipe, hears that the new one is ready, and leaves. On
// Unix the new one inherits the engine's lock and socket, so the lock is never
// free in between and a client that comes meanwhile waits in the socket's queue.
//
//	old                          new
//	starts the new program  ──▶
//	                        ◀──  prepared
//	takes no more requests
//	what memory holds       ──▶
//	                        ◀──  ready
//	closes the pipe         ──▶  serves
//
// Until the pipe is closed the old one may kill the new one and serve again;
// when it died itself, the closed pipe says that, too. So at most one of them
// acts at any moment, and one of them serves unless both were killed.
//
// The package must never put a secret into an argument, an environment or a file,
// never start a file that another user can change, and never decide when nothing
// is under way: its caller knows.
package handover
