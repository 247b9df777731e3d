//go:build cgo && !linux

package main

import "fyne.io/fyne/v2"

// keepUnfocused has nothing to add to GLFW's own way on this system.
func keepUnfocused(fyne.Window) bool { return true }
