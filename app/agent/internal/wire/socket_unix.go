//go:build unix

package wire

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"keyfob/app/ownfolder"
	"keyfob/auth"
)

// socketFile is the name of the engine's socket.
const socketFile = "agent.sock"

// socketPath returns the socket's path, which the system bounds.
func socketPath(dir string) (string, error) {
	path := filepath.Join(dir, socketFile)
	if most := len(syscall.RawSockaddrUnix{}.Path) - 1; len(path) > most {
		return "", &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeAgentPath,
			What: fmt.Sprintf("the path of keyfob's socket, %s, has %d bytes where the system takes %d", path, len(path), most),
			Do:   "set XDG_RUNTIME_DIR to a shorter folder",
			Who:  auth.WhoYou,
		}
	}
	return path, nil
}

// Listen makes the socket. The caller holds the engine's lock, so a
// socket that is there is nobody's.
func Listen(dir string) (net.Listener, error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		if err := os.Remove(path); err != nil {
			return nil, CannotListen(err)
		}
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, CannotListen(err)
	}
	ln.SetUnlinkOnClose(false) // what is there then may be another engine's
	if err := os.Chmod(path, 0o600); err != nil {
		_ = ln.Close()
		return nil, CannotListen(err)
	}
	return ln, nil
}

// Dial connects to the engine and checks whose it is.
func Dial(ctx context.Context, dir string) (net.Conn, error) {
	if err := ownfolder.Check(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoAgent
	} else if err != nil {
		return nil, err
	}
	path, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	conn, err := connect(ctx, path)
	switch {
	case errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.ECONNREFUSED):
		return nil, ErrNoAgent
	case ctx.Err() != nil:
		return nil, ContextError(ctx.Err())
	case err != nil:
		return nil, &auth.Error{
			Kind: auth.KindTransient,
			Code: auth.CodeAgentSilent,
			What: "the keyfob that runs takes no more callers",
			Do:   "try again, or end it and start it again",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	if err := CheckPeer(conn); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// connect connects to the socket at path. Where so many wait there that the
// system takes no more, it tries again for as long as a silent engine is
// waited for.
func connect(ctx context.Context, path string) (net.Conn, error) {
	within, cancel := context.WithTimeout(ctx, SilentFor)
	defer cancel()
	tick := time.NewTicker(connectAgain)
	defer tick.Stop()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
		if !errors.Is(err, syscall.EAGAIN) {
			return conn, err
		}
		select {
		case <-tick.C:
		case <-within.Done():
			return nil, err
		}
	}
}

// connectAgain is short: a place that is free is taken at once by whoever
// crowds the socket.
const connectAgain = time.Millisecond

// CheckPeer refuses another user at the other end of conn.
func CheckPeer(conn net.Conn) error {
	refuse := func(err error) error {
		return &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeAgentPeer,
			What: "another user's program is at the other end of keyfob's socket",
			Do:   "look who made it before you go on",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return refuse(nil)
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return refuse(err)
	}
	uid, uidErr := -1, error(nil)
	err = raw.Control(func(fd uintptr) { uid, uidErr = peerUID(int(fd)) })
	if err := errors.Join(err, uidErr); err != nil || uid != os.Getuid() {
		return refuse(err)
	}
	return nil
}

// HungUp reports whether the other end of conn has hung up by now.
func HungUp(conn net.Conn) bool {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	hungUp := false
	err = raw.Read(func(fd uintptr) bool {
		var b [1]byte
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		hungUp = n == 0 && err == nil || err != nil && !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EINTR)
		return true
	})
	return err == nil && hungUp
}
