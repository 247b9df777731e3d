// Package bench measures Keyfob beside minimal programs that do the same:
// tray and window beside bare ones, `keyfob token` beside one round trip over a
// unix socket, beside an engine that does next to nothing, and beside what git and
// oidc-agent have for it. `make bench` runs it; its folders hold those programs.
//
// It prints figures and their ratios. It must never judge them: how fast a
// machine is says nothing about a change.
package bench
