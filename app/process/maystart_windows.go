package process

import (
	"syscall"
	"unsafe"
)

// othersHome is never so here, where each user has a profile of their own.
func othersHome(string) bool { return false }

// steppedUp is never so here.
func steppedUp(func(string) string) string { return "" }

// elevated reports whether this process has rights that this person's other
// programs do not have. Where User Account Control is off, or for the built-in
// administrator, all have the same: they are no reason to refuse anybody.
func elevated() bool {
	const elevationType, full = 18, 2               // TokenElevationType, and of its values the better one of two tokens
	token, err := syscall.OpenCurrentProcessToken() // package windows has this, too, and links package net
	if err != nil {
		return false
	}
	defer func() { _ = token.Close() }()
	var kind, length uint32
	err = syscall.GetTokenInformation(token, elevationType, (*byte)(unsafe.Pointer(&kind)), uint32(unsafe.Sizeof(kind)), &length)
	return err == nil && kind == full
}

// sandbox is none: Windows' keep no program from the Credential Manager.
func sandbox(string) confined { return confined{} }
