// Package bench measures Keyfob beside the least programs that do the same:
// the tray beside a bare one, `keyfob token` beside one round trip over a unix
// socket. `make bench` runs it; its folders hold those programs.
//
// It prints figures and their ratios. It must never judge them: how fast a
// machine is says nothing about a change.
package bench
