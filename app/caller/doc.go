// Package caller is what a command knows of where it was typed, and whom it asks:
// which settings are meant, whether it may run there, and the user's engine. Both
// programs use it, so that a command does the same in either.
//
// It must never read the settings, and it links little: the thin command links it.
package caller
