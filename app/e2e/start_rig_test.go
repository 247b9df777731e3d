//go:build linux

package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/start"
)

// engines are the background engines of this bed that have not ended.
func (h *headless) engines() (all []int) {
	h.t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range files {
		line, _ := os.ReadFile(f) // empty where it has ended and nobody has collected it
		args := strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
		environ, _ := os.ReadFile(filepath.Join(filepath.Dir(f), "environ"))
		if args[len(args)-1] != start.Verb || !slices.Contains(strings.Split(string(environ), "\x00"), "HOME="+h.Home) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(f))); err == nil {
			all = append(all, pid)
		}
	}
	return all
}

// engine is the one background engine, which runs.
func (h *headless) engine() int {
	h.t.Helper()
	all := h.engines()
	if len(all) != 1 {
		h.t.Fatalf("%d background engines, want one", len(all))
	}
	return all[0]
}

// endEngines kills the background engines, so that the next command finds none.
func (h *headless) endEngines() {
	h.t.Helper()
	all := h.engines()
	for _, pid := range all {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	// One that dies shows no arguments any more, and has lock and socket for a moment longer.
	h.Wait("the end of the engines", func() bool {
		all = slices.DeleteFunc(all, zombie)
		return len(all) == 0 && len(h.engines()) == 0
	})
}

// shell runs a line of a shell in env, with the program as KEYFOB, and returns what
// it printed. The line has ended while the engine lives that it started: else it
// waited for that.
func (h *headless) shell(env []string, line string) string {
	h.t.Helper()
	cmd := h.Command("/bin/sh", "-c", line)
	cmd.Env = append(env, "KEYFOB="+h.program(), "TOOL="+plant4)
	var out bytes.Buffer
	cmd.Stdout = &out
	cmd.WaitDelay = 0 // whoever holds the output open is waited for
	p := h.StartCommand(cmd)
	if code := h.Exit(p); code != 0 {
		h.t.Errorf("%s\nended with %d: %s%s", line, code, &out, p.Output())
	}
	h.engine()
	return out.String()
}

// standsAlone checks that an engine has nothing of the command that started it.
func standsAlone(t *testing.T, pid int) {
	t.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(proc, "stat"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	f := strings.Fields(rest) // state, parent, group, session, terminal, …
	if f[3] != strconv.Itoa(pid) || f[4] != "0" {
		t.Errorf("the engine is in the session %s with terminal %s", f[3], f[4])
	}
	if dir, err := os.Readlink(filepath.Join(proc, "cwd")); err != nil || dir != "/" {
		t.Errorf("the engine works in %s, %v", dir, err)
	}
	for fd := range 3 {
		if to, err := os.Readlink(filepath.Join(proc, "fd", strconv.Itoa(fd))); err != nil || to != os.DevNull {
			t.Errorf("descriptor %d of the engine is %s, %v", fd, to, err)
		}
	}
	status, err := os.ReadFile(filepath.Join(proc, "status"))
	if err != nil || !strings.Contains(string(status), "\nUmask:\t0077\n") {
		t.Errorf("the engine has another umask: %v", err)
	}
	environ, err := os.ReadFile(filepath.Join(proc, "environ"))
	for v := range strings.SplitSeq(string(environ), "\x00") {
		if strings.HasPrefix(v, "SSH_") || strings.HasPrefix(v, "MAKE") || strings.HasPrefix(v, "KEYFOB") {
			t.Errorf("the engine has %s", v)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// signedIn stores a session that is good for an hour, and returns its token as the
// command line prints it.
func (h *headless) signedIn() string {
	h.t.Helper()
	tokens := h.signIn()
	h.save(tokens)
	if time.Until(tokens.Expiry) < 10*time.Minute {
		h.t.Fatal("the token ends too soon")
	}
	return string(tokens.Access) + "\n"
}
