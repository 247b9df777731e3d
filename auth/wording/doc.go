// Package wording is how a session, a time and an error read to a person: one
// way for the tray, the window, notifications and the command line.
//
// It must never decide anything, and never hold a secret.
package wording
