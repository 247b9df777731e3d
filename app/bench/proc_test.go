//go:build bench && linux

package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// cost is what a process has taken so far.
type cost struct {
	switches int           // context switches, voluntary and not
	cpu      time.Duration // on a processor
}

func (c cost) since(before cost) cost {
	return cost{c.switches - before.switches, c.cpu - before.cpu}
}

// costOf adds up all threads of a process. /proc/PID/stat would count time in
// hundredths of a second, which is more than a good tray takes in an hour.
func costOf(pid int) (cost, error) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil || len(tasks) == 0 {
		return cost{}, fmt.Errorf("process %d is gone", pid)
	}
	var c cost
	for _, task := range tasks {
		status, err := os.ReadFile(filepath.Join(task, "status"))
		if err != nil {
			continue // a thread that just ended
		}
		c.switches += number(status, "voluntary_ctxt_switches:") + number(status, "nonvoluntary_ctxt_switches:")
		sched, err := os.ReadFile(filepath.Join(task, "schedstat"))
		if err != nil {
			return cost{}, err
		}
		ran, _, _ := strings.Cut(string(sched), " ")
		ns, err := strconv.ParseInt(ran, 10, 64)
		if err != nil {
			return cost{}, err
		}
		c.cpu += time.Duration(ns)
	}
	return c, nil
}

// treeOf is a process and those that it started, and so on.
func treeOf(pid int) []int {
	all := []int{pid}
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // each thread has its own
	if err != nil {
		return all
	}
	for _, list := range lists {
		names, _ := os.ReadFile(list) // of a thread that just ended there is none
		for _, name := range strings.Fields(string(names)) {
			if child, err := strconv.Atoi(name); err == nil {
				all = append(all, treeOf(child)...)
			}
		}
	}
	return all
}

// memory is what a process has in memory, in KiB.
type memory struct {
	pss       int // its proportional share
	anonymous int // what is in no file, such as the heap
}

// memoryOf looks at a process. Keyfob lets nobody but root see its share; for
// others it is all of the memory that it shares, too, and so rather too much.
func memoryOf(pid int) (memory, error) {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if errors.Is(err, os.ErrPermission) {
		rollup, err = os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		return memory{number(rollup, "VmRSS:"), number(rollup, "RssAnon:")}, err
	}
	return memory{number(rollup, "Pss:"), number(rollup, "Anonymous:")}, err
}

func megabytes(kib int) string { return fmt.Sprintf("%.1f MB", float64(kib)/1024) }

// number returns the number on the line that begins with label, or 0.
func number(file []byte, label string) int {
	for line := range strings.Lines(string(file)) {
		if rest, ok := strings.CutPrefix(line, label); ok {
			n, _ := strconv.Atoi(strings.Fields(rest)[0])
			return n
		}
	}
	return 0
}
