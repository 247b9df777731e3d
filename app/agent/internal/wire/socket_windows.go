package wire

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/windows"

	"keyfob/auth"
)

// User returns this user's SID.
func User() (*windows.SID, error) {
	u, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return u.User.Sid, nil
}

// PipePath names the engine's pipe: one for each user and folder, since pipes
// of all users share one list of names.
func PipePath(sid *windows.SID, dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	sum := sha256.Sum256([]byte(strings.ToLower(dir)))
	return `\\.\pipe\keyfob-` + sid.String() + "-" + hex.EncodeToString(sum[:8])
}

// Dial connects to the engine and checks whose it is.
func Dial(ctx context.Context, dir string) (Conn, error) {
	sid, err := User()
	if err != nil {
		return nil, CannotListen(err)
	}
	pipe, err := connect(ctx, PipePath(sid, dir))
	switch {
	case errors.Is(err, windows.ERROR_FILE_NOT_FOUND):
		return nil, ErrNoAgent
	case ctx.Err() != nil:
		if err == nil {
			_ = windows.CloseHandle(pipe)
		}
		return nil, ContextError(ctx.Err())
	case err != nil:
		return nil, takesNoMore(err)
	}
	if err := checkOwner(pipe, sid); err != nil {
		_ = windows.CloseHandle(pipe)
		return nil, err
	}
	// The handle is overlapped, so that the file has deadlines.
	return os.NewFile(uintptr(pipe), `\\.\pipe\keyfob`), nil
}

// connect opens the pipe. A busy one is waited for as long as a silent engine
// is. Who made the pipe learns nothing about this user and can do nothing in
// their name.
func connect(ctx context.Context, path string) (windows.Handle, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return windows.InvalidHandle, err
	}
	for began := time.Now(); ; time.Sleep(connectAgain) {
		pipe, err := windows.CreateFile(
			name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING,
			windows.FILE_FLAG_OVERLAPPED|windows.SECURITY_SQOS_PRESENT|windows.SECURITY_ANONYMOUS, 0,
		)
		if !errors.Is(err, windows.ERROR_PIPE_BUSY) || ctx.Err() != nil || time.Since(began) > SilentFor {
			return pipe, err
		}
	}
}

// connectAgain is as long as it takes an engine to make room.
const connectAgain = 10 * time.Millisecond

// checkOwner refuses a pipe that another user made.
func checkOwner(pipe windows.Handle, sid *windows.SID) error {
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
	sd, err := windows.GetSecurityInfo(pipe, windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
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
func CheckPeer(any) error { return nil }

// HungUp cannot be told of a pipe without waiting for it.
func HungUp(any) bool { return false }
