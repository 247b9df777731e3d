// Package wording puts a session, a time and an error into words for people: one
// way for the tray, the window, notifications and the command line.
//
// It must never decide anything, and never hold a secret.
package wording
