//go:build unix

package wire

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"keyfob/app/ownfolder"
	"keyfob/auth"
)

// socketFile is the name of the engine's socket.
const socketFile = "agent.sock"

// SocketPath returns the path of the engine's socket, which the system bounds.
func SocketPath(dir string) (string, error) {
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

// Dial connects to the engine and checks whose it is.
func Dial(ctx context.Context, dir string) (Conn, error) {
	if err := ownfolder.Check(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoAgent
	} else if err != nil {
		return nil, err
	}
	path, err := SocketPath(dir)
	if err != nil {
		return nil, err
	}
	conn, err := connect(ctx, path)
	switch {
	case errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.ECONNREFUSED):
		return nil, ErrNoAgent
	case ctx.Err() != nil:
		if err == nil {
			_ = conn.Close()
		}
		return nil, ContextError(ctx.Err())
	case errors.Is(err, fs.ErrPermission): // in a folder of one's own
		return nil, closed(dir, err)
	case err != nil:
		return nil, takesNoMore(err)
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
func connect(ctx context.Context, path string) (*os.File, error) {
	fd, err := socket()
	if err != nil {
		return nil, err
	}
	to := &syscall.SockaddrUnix{Name: path}
	err = syscall.Connect(fd, to)
	for began := time.Now(); tryAgain(err) && ctx.Err() == nil && time.Since(began) < SilentFor; err = syscall.Connect(fd, to) {
		time.Sleep(connectAgain)
	}
	if err != nil {
		_ = syscall.Close(fd)
		return nil, os.NewSyscallError("connect", err)
	}
	// The descriptor does not block, so that the file has deadlines.
	return os.NewFile(uintptr(fd), path), nil
}

// tryAgain reports whether a connection failed for now: there is no room, or a
// signal came.
func tryAgain(err error) bool {
	return errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR)
}

// connectAgain is short: a place that is free is taken at once by whoever
// crowds the socket.
const connectAgain = time.Millisecond

// CheckPeer refuses another user at the other end of conn.
func CheckPeer(conn any) error {
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
func HungUp(conn any) bool {
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
