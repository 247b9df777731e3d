package handover

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

// inherit gives cmd its two pipes. Lock and socket are free once the old engine
// has stopped.
func inherit(cmd *exec.Cmd, env []string, says, memory, _, _ *os.File) error {
	var handles []syscall.Handle
	for _, f := range []*os.File{says, memory} {
		h := windows.Handle(f.Fd())
		if err := windows.SetHandleInformation(h, windows.HANDLE_FLAG_INHERIT, windows.HANDLE_FLAG_INHERIT); err != nil {
			return err
		}
		handles = append(handles, syscall.Handle(h))
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{AdditionalInheritedHandles: handles}
	for _, v := range env {
		if !strings.HasPrefix(strings.ToUpper(v), variable+"=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d,%d", variable, handles[0], handles[1]))
	return nil
}
