//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"keyfob/auth"
)

// wlCopy is the clipboard of a Wayland desktop that gives it to windows alone,
// by way of wl-clipboard's small ones. The desktop keeps what was copied, so a
// secret is replaced before it is given up, and stays where this process is
// killed.
type wlCopy struct{}

// program finds a wl-copy that marks secrets as such, as of version 2.3. Older
// ones also keep what they serve in a file under /tmp.
func (wlCopy) program(ctx context.Context) (string, error) {
	const do = "install wl-clipboard 2.3 or newer, or use `keyfob token`"
	if !filepath.IsAbs(os.Getenv("XDG_RUNTIME_DIR")) {
		return "", unavailable("XDG_RUNTIME_DIR is not set, so there is no Wayland desktop", "use `keyfob token`", nil)
	}
	program, err := exec.LookPath("wl-copy")
	if err != nil {
		return "", unavailable("this Wayland desktop needs wl-copy 2.3 or newer for secrets", do, err)
	}
	help, err := exec.CommandContext(ctx, program, "--help").Output()
	if err != nil || !bytes.Contains(help, []byte("--sensitive")) {
		return "", unavailable("this Wayland desktop needs wl-copy 2.3 or newer for secrets", do, err)
	}
	return program, nil
}

func (b wlCopy) own(ctx context.Context, text auth.Secret, public bool, check func(context.Context) error) (owner, error) {
	program, err := b.program(ctx)
	if err != nil {
		return nil, err
	}
	if check != nil {
		if err := check(ctx); err != nil {
			return nil, err
		}
	}
	o, err := serve(ctx, program, text, public)
	if err != nil {
		return nil, unavailable("wl-copy cannot set the clipboard", "use `keyfob token`", err)
	}
	if len(text) > 0 {
		if err := recall(b, text).there(ctx); err != nil {
			o.signal(syscall.SIGKILL)
			return nil, unavailable("wl-copy did not put the text on the clipboard", "use `keyfob token`", err)
		}
	}
	return o, nil
}

// read pastes by wl-paste, which comes with wl-copy.
func (wlCopy) read(ctx context.Context, w io.Writer) error {
	c := exec.CommandContext(ctx, "wl-paste", "--no-newline", "--type", "text/plain;charset=utf-8")
	c.Stdout = w
	c.WaitDelay = time.Second
	return c.Run()
}

// wlOwner is a wl-copy in the background. It is the first process of its
// group, which outlives it: wl-copy forks once the text is on the clipboard.
type wlOwner struct {
	group int
	ended chan struct{} // closed when no process of the group is left
}

// serve returns once the desktop has taken the text.
func serve(ctx context.Context, program string, text auth.Secret, public bool) (*wlOwner, error) {
	alive, held, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	args := []string{"--type", "text/plain;charset=utf-8"}
	if !public {
		args = append([]string{"--sensitive"}, args...)
	}
	c := exec.CommandContext(ctx, program, args...)
	c.Stdin = strings.NewReader(text.Reveal())
	// wl-copy passes what it reads through a file, unlinked at once: this folder
	// is in memory and the user's alone.
	c.Env = append(os.Environ(), "TMPDIR="+os.Getenv("XDG_RUNTIME_DIR"))
	// Whoever forks from it has this too; it ends with the last of them.
	c.ExtraFiles = []*os.File{held}
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.WaitDelay = time.Second
	err = c.Start()
	_ = held.Close()
	if err != nil {
		return nil, errors.Join(err, alive.Close())
	}
	o := &wlOwner{group: c.Process.Pid, ended: make(chan struct{})}
	go func() {
		_, _ = alive.Read(make([]byte, 1))
		_ = alive.Close()
		close(o.ended)
	}()
	if err := c.Wait(); err != nil {
		o.signal(syscall.SIGKILL)
		return nil, err
	}
	return o, nil
}

func (o *wlOwner) owned() bool { return !closed(o.ended) }

// given is true: the desktop itself keeps the text.
func (o *wlOwner) given() bool { return true }

// signal reaches the group as long as it has a process, so that the number
// cannot be another's.
func (o *wlOwner) signal(s syscall.Signal) {
	if o.owned() {
		_ = syscall.Kill(-o.group, s)
	}
}

// empty has another wl-copy take the clipboard, upon which this one ends.
func (o *wlOwner) empty(ctx context.Context) (owner, error) { return wlCopy{}.own(ctx, "", true, nil) }

// taken reads the text, so that the desktop had the time to do so.
func (o *wlOwner) taken(ctx context.Context) { _ = wlCopy{}.read(ctx, io.Discard) }

func (o *wlOwner) release() { o.signal(syscall.SIGTERM) }
