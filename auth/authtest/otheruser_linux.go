package authtest

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// SpareUser is the number of a user whom no machine has: for the kernel that is
// a user as any other.
const SpareUser = 64833

// NeedRoot leaves a test out where nobody may be another user: only root may.
func NeedRoot(t testing.TB) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can start a program as another user")
	}
}

// AsOther makes cmd a program of another user, in a folder that everybody may
// be in.
func AsOther(t testing.TB, cmd *exec.Cmd) *exec.Cmd {
	t.Helper()
	NeedRoot(t)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: SpareUser, Gid: SpareUser}}
	cmd.Dir = "/"
	return cmd
}
