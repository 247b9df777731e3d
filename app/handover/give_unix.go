//go:build unix

package handover

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// descriptors are those of a new engine, as its environment names them: the
// memory, what it says, the lock, the socket. The first is not the one on which
// an engine tells the command that started it that it is ready (app/start), which
// is a pipe to write to.
const descriptors = "3,4,5,6"

// inherit gives cmd its descriptors, and a session of its own: the terminal from
// which this process was started is not the new one's.
func inherit(cmd *exec.Cmd, env []string, says, memory, lock, socket *os.File) error {
	cmd.ExtraFiles = []*os.File{memory, says, lock, socket}
	cmd.Env = append(without(env), variable+"="+descriptors)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return nil
}

// without leaves our variable out.
func without(env []string) []string {
	var rest []string
	for _, v := range env {
		if !strings.HasPrefix(v, variable+"=") {
			rest = append(rest, v)
		}
	}
	return rest
}
