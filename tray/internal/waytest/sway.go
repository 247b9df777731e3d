//go:build linux

// Package waytest gives a test a Wayland desktop of its own, without a screen:
// a real sway, with its X server. It must never touch the desktop of whoever
// runs the test.
package waytest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/auth/authtest"
)

// spare is the user as whom sway runs where the test is root's, whom it
// refuses. Nobody has this number.
const spare = 64086

// config has sway tell where it listens, once it does.
const config = `output HEADLESS-1 resolution 640x480
xwayland enable
exec sh -c 'printf "%s %s" "$WAYLAND_DISPLAY" "$DISPLAY" >"$XDG_RUNTIME_DIR/at~" && mv "$XDG_RUNTIME_DIR/at~" "$XDG_RUNTIME_DIR/at"'
`

// Sway is a running desktop.
type Sway struct {
	Runtime string // XDG_RUNTIME_DIR
	Display string // WAYLAND_DISPLAY
	X       string // DISPLAY, of the X server that starts when somebody connects

	t       testing.TB
	cmd     *exec.Cmd
	printed bytes.Buffer
	ended   chan struct{}
}

// Start runs sway until the test ends.
func Start(t testing.TB) *Sway {
	t.Helper()
	authtest.Need(t, "sway", "Xwayland", "wl-copy", "wl-paste")
	dir, err := os.MkdirTemp("", "kfsway") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	s := &Sway{Runtime: dir, t: t, ended: make(chan struct{})}
	t.Cleanup(func() {
		s.Kill()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	file := filepath.Join(dir, "config")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	s.cmd = exec.Command("sway", "--config", file)
	s.cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "LANG=C.UTF-8",
		"WLR_BACKENDS=headless", "WLR_LIBINPUT_NO_DEVICES=1", "WLR_RENDERER=pixman",
	}
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = dir, &s.printed, &s.printed
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() == 0 {
		s.cmd.SysProcAttr.Credential = &syscall.Credential{Uid: spare, Gid: spare}
		if err := os.Chown(dir, spare, spare); err != nil {
			t.Fatal(err)
		}
	}
	s.cmd.WaitDelay = time.Second // its X server may hold the output open
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait()
		close(s.ended)
	}()
	s.wait()
	return s
}

// wait waits until sway has told where it listens.
func (s *Sway) wait() {
	s.t.Helper()
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if at, err := os.ReadFile(filepath.Join(s.Runtime, "at")); err == nil {
			s.Display, s.X, _ = strings.Cut(string(at), " ")
			return
		}
		select {
		case <-s.ended:
			s.t.Fatalf("sway did not come up:\n%s", s.printed.String())
		default:
		}
		if time.Now().After(end) {
			s.Kill()
			s.t.Fatalf("sway is not ready:\n%s", s.printed.String())
		}
	}
}

// Env is what a program on this desktop has in its environment.
func (s *Sway) Env() []string {
	return []string{"XDG_RUNTIME_DIR=" + s.Runtime, "WAYLAND_DISPLAY=" + s.Display, "DISPLAY=" + s.X}
}

// Enter makes it the desktop of the test itself.
func (s *Sway) Enter(t *testing.T) {
	t.Helper()
	for _, v := range s.Env() {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
}

// Paste is the clipboard in the form kind as another program pastes it, "" for
// none; Types are the forms that there are.
func (s *Sway) Paste(kind string) string {
	s.t.Helper()
	return s.run("", "wl-paste", "--no-newline", "--type", kind)
}

// Types are the forms of what is on the clipboard.
func (s *Sway) Types() []string {
	s.t.Helper()
	return strings.Fields(s.run("", "wl-paste", "--list-types"))
}

// Copy copies text as another program does, which then serves it in the
// background.
func (s *Sway) Copy(text string) {
	s.t.Helper()
	s.run(text, "wl-copy", "--type", "text/plain;charset=utf-8")
}

func (s *Sway) run(in, name string, args ...string) string {
	s.t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), s.Env()...)
	c.Stdin = strings.NewReader(in)
	c.WaitDelay = 100 * time.Millisecond // who serves a text keeps the output
	var out bytes.Buffer
	c.Stdout = &out
	_ = c.Run() // it fails where there is nothing to paste
	return out.String()
}

// Kill ends sway with its X server, as a crash would.
func (s *Sway) Kill() {
	select {
	case <-s.ended:
		return
	default:
	}
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	<-s.ended
}

// Hang makes sway accept and never answer, until it is killed.
func (s *Sway) Hang() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		s.t.Fatal(err)
	}
}
