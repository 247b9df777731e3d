// Package e2e tests Keyfob whole, as built for users, on a real desktop with a
// real provider: what a person does with the tray, the browser, notifications
// and windows, and what a program does with the command line.
//
// It owns nothing that ships. It must never reach into the program: what
// cannot be seen from outside is tested where it is written.
//
// Tests run on one of three: a desktop (desktop_test.go), one whose keychain is
// put to the test (keychain_desktop_test.go), or a session without a screen
// (headless_test.go). login_test.go signs in on the command line. The files
// crash_* kill processes at each point of a refresh, and process_* have several
// processes at work on one session.
package e2e
