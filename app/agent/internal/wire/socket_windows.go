package wire

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"keyfob/auth"
)

// User returns this user's SID, as text. (Package windows has it, too, and links
// package net.)
func User() (string, error) {
	token, err := syscall.OpenCurrentProcessToken()
	if err != nil {
		return "", err
	}
	defer func() { _ = token.Close() }()
	u, err := token.GetTokenUser()
	if err != nil {
		return "", err
	}
	return u.User.Sid.String()
}

// PipePath names the engine's pipe: one for each user and folder, since pipes
// of all users share one list of names. Whose pipe it is, is not told by its
// name.
func PipePath(sid, dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	sum := uint64(offset)
	for _, b := range []byte(strings.ToLower(dir)) {
		sum = (sum ^ uint64(b)) * prime
	}
	return `\\.\pipe\keyfob-` + sid + "-" + strconv.FormatUint(sum, 16)
}

// Dial connects to the engine and checks whose it is.
func Dial(ctx context.Context, dir string) (Conn, error) {
	sid, err := User()
	if err != nil {
		return nil, CannotListen(err)
	}
	pipe, err := connect(ctx, PipePath(sid, dir))
	switch {
	case errors.Is(err, syscall.ERROR_FILE_NOT_FOUND):
		return nil, ErrNoAgent
	case ctx.Err() != nil:
		if err == nil {
			_ = syscall.CloseHandle(pipe)
		}
		return nil, ContextError(ctx.Err())
	case err != nil:
		return nil, takesNoMore(err)
	}
	if err := checkOwner(pipe, sid); err != nil {
		_ = syscall.CloseHandle(pipe)
		return nil, err
	}
	// The handle is overlapped, so that the file has deadlines.
	return os.NewFile(uintptr(pipe), `\\.\pipe\keyfob`), nil
}

// What package syscall has not.
const (
	errorPipeBusy      = syscall.Errno(231)
	sqosPresent        = 0x100000 // whoever made the pipe learns nothing about this user: SECURITY_ANONYMOUS is 0
	kernelObject       = 6
	ownerOfTheSecurity = 1
)

// connect opens the pipe. A busy one is waited for as long as a silent engine
// is.
func connect(ctx context.Context, path string) (syscall.Handle, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return syscall.InvalidHandle, err
	}
	for began := time.Now(); ; time.Sleep(connectAgain) {
		pipe, err := syscall.CreateFile(
			name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_EXISTING, syscall.FILE_FLAG_OVERLAPPED|sqosPresent, 0,
		)
		if !errors.Is(err, errorPipeBusy) || ctx.Err() != nil || time.Since(began) > SilentFor {
			return pipe, err
		}
	}
}

// connectAgain is as long as it takes an engine to make room.
const connectAgain = 10 * time.Millisecond

// checkOwner refuses a pipe that another user than sid made.
func checkOwner(pipe syscall.Handle, sid string) error {
	owner, err := ownerOf(pipe)
	if err != nil || owner != sid {
		return &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeAgentPeer,
			What: "another user's program is at the other end of keyfob's pipe",
			Do:   "look who made it before you go on",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return nil
}

// ownerOf is the SID of whoever made the pipe.
func ownerOf(pipe syscall.Handle) (string, error) {
	var owner *syscall.SID // lies in descriptor
	var descriptor syscall.Handle
	get := syscall.NewLazyDLL("advapi32.dll").NewProc("GetSecurityInfo")
	failed, _, _ := get.Call(
		uintptr(pipe), kernelObject, ownerOfTheSecurity,
		uintptr(unsafe.Pointer(&owner)), 0, 0, 0, uintptr(unsafe.Pointer(&descriptor)),
	)
	if failed != 0 {
		return "", syscall.Errno(failed)
	}
	defer func() { _, _ = syscall.LocalFree(descriptor) }()
	if owner == nil {
		return "", errors.New("the pipe has no owner")
	}
	return owner.String()
}

// CheckPeer has nothing to add for the engine: the pipe's own list lets nobody
// else in.
func CheckPeer(any) error { return nil }

// HungUp cannot be told of a pipe without waiting for it.
func HungUp(any) bool { return false }
