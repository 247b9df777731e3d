//go:build unix

package ledger

import "syscall"

// lockFlags are those with which the lock's file is opened: what somebody has
// put in its place is neither followed nor waited for.
const lockFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK
