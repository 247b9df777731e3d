//go:build linux

package bed

import (
	"io"
	"os/exec"
	"syscall"
)

// guard clears up after a test process that ends without doing so itself, as one
// does that is killed or runs out of time. Processes of the bed die with it, but
// not those that these started: an engine would stay for hours.
type guard struct {
	cmd *exec.Cmd
	end io.Closer // open as long as the test process lives
}

// The folder comes as an argument. The guard itself does not have it in its
// environment, and so is not among those that it kills.
const guardScript = `trap '' HUP INT TERM
cat >/dev/null
for again in 1 2 3 4 5; do
	for file in $(grep -lsF "$1/" /proc/[0-9]*/environ); do
		pid=${file#/proc/}
		kill -9 "${pid%/environ}" 2>/dev/null
	done
	rm -rf "$1" 2>/dev/null && exit
	sleep 1
done`

func startGuard(dir string) (*guard, error) {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "guard", dir)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // whoever ends the test from a terminal does not end the guard
	end, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &guard{cmd, end}, cmd.Start()
}

// stop ends the guard of a bed that has cleared up itself.
func (g *guard) stop() {
	_ = syscall.Kill(-g.cmd.Process.Pid, syscall.SIGKILL)
	_ = g.cmd.Wait() // which was killed
	_ = g.end.Close()
}
