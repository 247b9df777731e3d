package main

import (
	"os"
	"os/signal"
	"syscall"
	"unsafe"

	"keyfob/app/start"
)

// handOver runs the whole program with the same command line, as a child that
// has this program's standard handles and ends with it, and returns its exit
// code.
func handOver(args []string) (int, error) {
	path, err := start.Beside()
	if err != nil {
		return 0, err
	}
	interrupts := make(chan os.Signal, 1) // the console tells the child, too, which says what becomes of it
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	_, h, err := syscall.StartProcess(path, append([]string{path}, args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{os.Stdin.Fd(), os.Stdout.Fd(), os.Stderr.Fd()},
	})
	if err != nil {
		return 0, cannotRun(path, err)
	}
	child := syscall.Handle(h)
	defer func() { _ = syscall.CloseHandle(child) }()
	bind(child) // where that cannot be, the child is only not ended with this program
	if _, err := syscall.WaitForSingleObject(child, syscall.INFINITE); err != nil {
		return 0, cannotRun(path, err)
	}
	var code uint32
	if err := syscall.GetExitCodeProcess(child, &code); err != nil {
		return 0, cannotRun(path, err)
	}
	return int(code), nil
}

// Of the jobs of Windows, which package syscall has not.
const (
	extendedLimits       = 9      // JobObjectExtendedLimitInformation
	limitSilentBreakaway = 0x1000 // what the child starts, such as the browser or the engine, lives on
	limitKillOnJobClose  = 0x2000 // the child ends when this program's handle of the job is closed, however it ends
)

// limits is JOBOBJECT_EXTENDED_LIMIT_INFORMATION.
type limits struct {
	processTime, jobTime          int64
	flags                         uint32
	minWorkingSet, maxWorkingSet  uintptr
	activeProcesses               uint32
	affinity                      uintptr
	priorityClass, schedulingPart uint32
	io                            [6]uint64
	processMemory, jobMemory      uintptr
	peakProcess, peakJob          uintptr
}

// bind has the child end with this program. The job is closed by the system.
func bind(child syscall.Handle) {
	kernel := syscall.NewLazyDLL("kernel32.dll")
	job, _, _ := kernel.NewProc("CreateJobObjectW").Call(0, 0)
	if job == 0 {
		return
	}
	l := limits{flags: limitSilentBreakaway | limitKillOnJobClose}
	_, _, _ = kernel.NewProc("SetInformationJobObject").Call(job, extendedLimits, uintptr(unsafe.Pointer(&l)), unsafe.Sizeof(l))
	_, _, _ = kernel.NewProc("AssignProcessToJobObject").Call(job, uintptr(child))
}
