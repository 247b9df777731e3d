package authtest

import (
	"os/exec"
	"syscall"
	"testing"
)

// SpareUser is the number of a user whom no machine has: for the kernel that is
// a user as any other.
const SpareUser = 64833

// AsOther makes cmd a program of another user, in a folder that everybody may
// be in.
func AsOther(t testing.TB, cmd *exec.Cmd) *exec.Cmd {
	t.Helper()
	NeedRoot(t, "another user takes part")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: SpareUser, Gid: SpareUser}}
	cmd.Dir = "/"
	return cmd
}
