package process

import (
	"syscall"
	"unsafe"
)

// othersHome is never so here, where each user has a profile of their own.
func othersHome(string) bool { return false }

// steppedUp is never so here.
func steppedUp(func(string) string) string { return "" }

// What Windows tells of a process's rights. Package windows has this, too, and
// links package net.
const (
	tokenElevationType = 18 // the question
	elevationFull      = 2  // the answer that this is the better one of a person's two tokens
)

// elevated reports whether this process has rights that this person's other
// programs do not have. Where User Account Control is off, or for the built-in
// administrator, all have the same: they are no reason to refuse anybody.
func elevated() bool {
	token, err := syscall.OpenCurrentProcessToken()
	if err != nil {
		return false
	}
	defer func() { _ = token.Close() }()
	var kind, size uint32
	err = syscall.GetTokenInformation(token, tokenElevationType, (*byte)(unsafe.Pointer(&kind)), uint32(unsafe.Sizeof(kind)), &size)
	return err == nil && kind == elevationFull
}

// sandbox is none: those of Windows keep no program from the Credential Manager.
func sandbox(string) confined { return confined{} }
