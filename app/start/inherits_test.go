//go:build linux

package start_test

import (
	"bytes"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"keyfob/app/start"
)

// command runs a command that starts an engine, with files as its descriptors 3
// and up.
func (r *rig) command(files ...*os.File) *exec.Cmd {
	self, err := start.Itself()
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command(self, "command", r.file)
	cmd.ExtraFiles = files
	return cmd
}

// answered runs a command and wants an engine to answer.
func (r *rig) answered(cmd *exec.Cmd) {
	r.t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "answers\n" {
		r.t.Errorf("%v: %s", err, out)
	}
}

// TestNothingOfTheCommandStaysOpen gives a command a locked file, a pipe as of make's
// job server and one that somebody reads to its end. The engine has none of them.
func TestNothingOfTheCommandStaysOpen(t *testing.T) {
	r := newRig(t, "")
	path := filepath.Join(t.TempDir(), "lock")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	jobs, jobsEnd, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read, readEnd, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := r.command(file, jobs, jobsEnd, readEnd)
	cmd.Stdout, cmd.Stderr = readEnd, readEnd
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, f := range []*os.File{file, jobsEnd, readEnd} {
		_ = f.Close()
	}
	if err := read.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if out, err := io.ReadAll(read); err != nil || string(out) != "answers\n" {
		t.Errorf("the reader got %q, %v", out, err)
	}
	if err := jobs.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := jobs.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the job server's pipe: %v", err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	again, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(again.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		t.Errorf("the lock is held: %v", err)
	}
	_ = again.Close()
	_ = jobs.Close()
	_ = read.Close()

	open := r.one().Open
	for fd, to := range open {
		switch {
		case fd < 3 && to == os.DevNull, fd == 3 && strings.HasPrefix(to, "pipe:"):
		case fd > 3 && (strings.HasPrefix(to, "anon_inode:") || strings.HasPrefix(to, "/proc/") || strings.HasPrefix(to, "/sys/")):
			// of its own runtime
		default:
			t.Errorf("the engine has descriptor %d: %s", fd, to)
		}
	}
	if len(open) < 4 {
		t.Errorf("the engine has only %v", slices.Collect(maps.Keys(open)))
	}
}

// TestTheCommandStaysAsItWas looks at the umask, the working directory and an
// inherited descriptor of a process that has started an engine.
func TestTheCommandStaysAsItWas(t *testing.T) {
	r := newRig(t, "")
	var fds [2]int
	if err := unix.Pipe2(fds[:], 0); err != nil { // as one that was inherited
		t.Fatal(err)
	}
	defer func() { _, _ = unix.Close(fds[0]), unix.Close(fds[1]) }()
	mask := syscall.Umask(0o027)
	defer syscall.Umask(mask)
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.engine(); err != nil {
		t.Fatal(err)
	}
	if now := syscall.Umask(0o027); now != 0o027 {
		t.Errorf("the umask is %o", now)
	}
	if now, err := os.Getwd(); err != nil || now != dir {
		t.Errorf("the working directory is %s, %v", now, err)
	}
	for _, fd := range fds {
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil || flags != 0 {
			t.Errorf("the flags of an inherited descriptor are %d, %v", flags, err)
		}
	}
	n := r.one()
	if n.Umask != 0o077 || n.Dir != "/" || n.SID == 0 || n.PGID != n.SID {
		t.Errorf("the engine has umask %o, folder %s, session %d and group %d", n.Umask, n.Dir, n.SID, n.PGID)
	}
	if sid, err := unix.Getsid(0); err != nil || sid == n.SID {
		t.Errorf("the engine is in the command's session: %v", err)
	}
	if want := []string{"--config", r.file, start.Verb}; !slices.Equal(n.Args[1:], want) {
		t.Errorf("the engine was started with %q, want %q", n.Args[1:], want)
	}
}

// TestTheEnvironmentIsCut passes what an engine needs, and neither secrets nor what
// was meant for the command.
func TestTheEnvironmentIsCut(t *testing.T) {
	r := newRig(t, "")
	pass := []string{
		"DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere", "DISPLAY=:7", "HOME=" + t.TempDir(), "LANG=de_DE.UTF-8", "LC_TIME=C",
		"LOGNAME=somebody", "NO_PROXY=localhost", "PATH=/usr/bin", "SSL_CERT_FILE=/ca.pem", "TZ=Europe/Berlin", "USER=somebody",
		"WAYLAND_DISPLAY=wayland-0", "XAUTHORITY=/x", "XDG_CONFIG_HOME=/c", "XDG_RUNTIME_DIR=/r", "https_proxy=http://p:1",
	}
	c := r.config()
	c.Env = append([]string{
		"AWS_SECRET_ACCESS_KEY=x", "BASH_FUNC_a%%=() { :; }", "BUILD_ID=7", "GODEBUG=inittrace=1", "GOGC=1", "KEYFOB_CONFIG=relative",
		"KEYFOB_TOKEN=x", "LD_PRELOAD=/x.so", "MAKEFLAGS=--jobserver-auth=3,4", "NOTIFY_SOCKET=/n", "SSH_AUTH_SOCK=/s", "TMPDIR=/t", "broken",
	}, pass...)
	if err := start.Engine(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	got := r.one().Env
	slices.Sort(got)
	slices.Sort(pass)
	if !slices.Equal(got, pass) {
		t.Errorf("the engine has %q, want %q", got, pass)
	}
}

// TestNobodyWaitsForTheEngine reads a command's output to its end while it is started
// by a shell, in a pipe and in the background of a terminal's session.
func TestNobodyWaitsForTheEngine(t *testing.T) {
	for _, line := range []string{
		`"$0" command "$1"`, `"$0" command "$1" | cat`, `echo "$("$0" command "$1")"`, `exec 9>/dev/null; "$0" command "$1"`,
	} {
		r := newRig(t, "")
		self, err := start.Itself()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("/bin/sh", "-c", line, self, r.file)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		cmd.WaitDelay = 10 * time.Second // an output that stays open is an error
		if err := cmd.Run(); err != nil || out.String() != "answers\n" {
			t.Errorf("%s: %v: %s", line, err, &out)
		}
		r.one()
	}
}
