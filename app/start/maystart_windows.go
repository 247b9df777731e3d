package start

import (
	"syscall"
	"unsafe"

	"keyfob/auth"
)

// mayStart refuses to start an engine that runs elevated: so would the browser that
// it opens.
func mayStart([]string) error {
	if isElevated() {
		return elevated()
	}
	return nil
}

// tokenElevation asks whether a process runs as administrator. Package windows has
// this, too, and links package net.
const tokenElevation = 20

func isElevated() bool {
	token, err := syscall.OpenCurrentProcessToken()
	if err != nil {
		return false
	}
	defer func() { _ = token.Close() }()
	var yes, size uint32
	err = syscall.GetTokenInformation(token, tokenElevation, (*byte)(unsafe.Pointer(&yes)), uint32(unsafe.Sizeof(yes)), &size)
	return err == nil && yes != 0
}

func elevated() error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeElevated, Who: auth.WhoYou,
		What: "keyfob does not start as administrator, since the browser would run as administrator, too",
		Do:   "run it from an ordinary window",
	}
}
