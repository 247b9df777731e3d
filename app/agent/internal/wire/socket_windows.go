package wire

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net"
	"path/filepath"
	"strings"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"

	"keyfob/auth"
)

// user returns this user's SID.
func user() (*windows.SID, error) {
	u, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return u.User.Sid, nil
}

// pipePath names the engine's pipe: one for each user and folder, since pipes
// of all users share one list of names.
func pipePath(sid *windows.SID, dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	sum := sha256.Sum256([]byte(strings.ToLower(dir)))
	return `\\.\pipe\keyfob-` + sid.String() + "-" + hex.EncodeToString(sum[:8])
}

// Listen makes the pipe. go-winio makes its first instance, which fails
// when somebody else holds the name, and refuses callers from other machines.
func Listen(dir string) (net.Listener, error) {
	sid, err := user()
	if err != nil {
		return nil, CannotListen(err)
	}
	s := sid.String()
	ln, err := winio.ListenPipe(pipePath(sid, dir), &winio.PipeConfig{
		SecurityDescriptor: "O:" + s + "D:P(A;;GA;;;" + s + ")", // this user and nobody else
	})
	if err != nil {
		return nil, CannotListen(err)
	}
	return ln, nil
}

// Dial connects to the engine and checks whose it is.
func Dial(ctx context.Context, dir string) (net.Conn, error) {
	sid, err := user()
	if err != nil {
		return nil, CannotListen(err)
	}
	wait, cancel := context.WithTimeout(ctx, SilentFor) // a busy pipe is waited for
	defer cancel()
	conn, err := winio.DialPipeContext(wait, pipePath(sid, dir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
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
	if err := checkOwner(conn, sid); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// checkOwner refuses a pipe that another user made.
func checkOwner(conn net.Conn, sid *windows.SID) error {
	refuse := func(err error) error {
		return &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeAgentPeer,
			What: "another user's program is at the other end of keyfob's pipe",
			Do:   "look who made it before you go on",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	f, ok := conn.(interface{ Fd() uintptr })
	if !ok {
		return refuse(nil)
	}
	sd, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return refuse(err)
	}
	owner, _, err := sd.Owner()
	if err != nil || owner == nil || !owner.Equals(sid) {
		return refuse(err)
	}
	return nil
}

// CheckPeer has nothing to add for the engine: the pipe's own list lets nobody
// else in.
func CheckPeer(net.Conn) error { return nil }

// HungUp cannot be told of a pipe without waiting for it.
func HungUp(net.Conn) bool { return false }
