//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"keyfob/auth"
)

// wlCopy finds a wl-copy that marks secrets as such, as of version 2.3. Older
// ones also keep what they serve in a file under /tmp.
func wlCopy(ctx context.Context) (program string, ok bool) {
	program, err := exec.LookPath("wl-copy")
	if err != nil || !filepath.IsAbs(os.Getenv("XDG_RUNTIME_DIR")) {
		return "", false
	}
	help, err := exec.CommandContext(ctx, program, "--help").Output()
	return program, err == nil && bytes.Contains(help, []byte("--sensitive"))
}

// wlHolder is a wl-copy in the background. It is the first process of its
// group, which outlives it: wl-copy forks once the text is on the clipboard.
type wlHolder struct {
	group int
	ended chan struct{} // closed when no process of the group is left
}

// putWayland returns once the desktop has taken the text.
func putWayland(ctx context.Context, program string, text auth.Secret) (holder, error) {
	fail := func(err error) (holder, error) {
		return nil, unavailable("wl-copy cannot set the clipboard", "use `keyfob token`", err)
	}
	alive, held, err := os.Pipe()
	if err != nil {
		return fail(err)
	}
	c := exec.CommandContext(ctx, program, "--sensitive", "--type", "text/plain;charset=utf-8")
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
		_ = alive.Close()
		return fail(err)
	}
	h := &wlHolder{group: c.Process.Pid, ended: make(chan struct{})}
	go func() {
		_, _ = alive.Read(make([]byte, 1))
		_ = alive.Close()
		close(h.ended)
	}()
	if err := c.Wait(); err != nil {
		h.signal(syscall.SIGKILL)
		return fail(err)
	}
	return h, nil
}

func (h *wlHolder) owned() bool {
	select {
	case <-h.ended:
		return false
	default:
		return true
	}
}

// signal reaches the group as long as it has a process, so that the number
// cannot be another's.
func (h *wlHolder) signal(s syscall.Signal) {
	if h.owned() {
		_ = syscall.Kill(-h.group, s)
	}
}

func (h *wlHolder) clear(ctx context.Context) error {
	h.signal(syscall.SIGTERM)
	select {
	case <-h.ended:
		return nil
	case <-ctx.Done():
		h.signal(syscall.SIGKILL)
		return unavailable("wl-copy does not give the clipboard up", "copy something else", ctx.Err())
	}
}

// drop leaves wl-copy to end by itself, which it does when another text has
// taken its place.
func (h *wlHolder) drop() {}
