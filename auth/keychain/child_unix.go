//go:build !windows

package keychain

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the child into a process group of its own: Ctrl-C in the
// terminal does not cut a save in two, and killing reaches what the child
// itself started.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
