//go:build !linux

package keychain

func unreadable() {}
