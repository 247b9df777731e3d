// Package e2e tests Keyfob whole, as built for users, on a real desktop with a
// real provider: what a person does with the tray, the browser, notifications
// and windows, and what a program does with the command line.
//
// It owns nothing that ships. It must never reach into the program: what
// cannot be seen from outside is tested where it is written.
package e2e
