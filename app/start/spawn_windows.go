package start

import (
	"errors"
	"os"
	"strconv"
	"syscall"
)

// How a process is made, where package syscall does not say it: DETACHED_PROCESS,
// CREATE_NO_WINDOW, CREATE_BREAKAWAY_FROM_JOB.
const (
	detached  = 0x8
	noWindow  = 0x8000000
	breakaway = 0x1000000
)

// child is an engine that was started.
type child struct{ process syscall.Handle }

// spawn starts program, which is told the handle of its end of the pipe. It
// inherits nothing else.
func spawn(program string, args, env []string, pipe *os.File) (child, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return child{}, err
	}
	defer func() { _ = null.Close() }()
	w := syscall.Handle(pipe.Fd())
	if err := syscall.SetHandleInformation(w, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT); err != nil {
		return child{}, err
	}
	root := os.Getenv("SystemDrive") + `\`
	n := null.Fd()
	attr := &syscall.ProcAttr{
		Dir: root, Env: append(env, starterVariable+"="+strconv.FormatUint(uint64(w), 10)), Files: []uintptr{n, n, n},
		Sys: &syscall.SysProcAttr{
			CreationFlags:              detached | noWindow | syscall.CREATE_NEW_PROCESS_GROUP | breakaway,
			AdditionalInheritedHandles: []syscall.Handle{w},
		},
	}
	_, h, err := syscall.StartProcess(program, args, attr)
	if errors.Is(err, syscall.ERROR_ACCESS_DENIED) { // the job of this process lets nobody out
		attr.Sys.CreationFlags &^= breakaway
		_, h, err = syscall.StartProcess(program, args, attr)
	}
	return child{syscall.Handle(h)}, err
}

// kill ends the engine.
func (c child) kill() { _ = syscall.TerminateProcess(c.process, 1) }

// killed is not told here: a process that was ended has the code that it was given.
func (child) killed() bool { return false }

// wait waits for the end of an engine that was killed or is about to end.
func (c child) wait() {
	_, _ = syscall.WaitForSingleObject(c.process, syscall.INFINITE)
	c.release()
}

// release lets the engine go on alone.
func (c child) release() { _ = syscall.CloseHandle(c.process) }
