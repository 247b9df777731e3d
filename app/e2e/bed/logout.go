//go:build linux

package bed

import "slices"

// LogOut ends display, session bus and all of the desktop that needs them, as
// the end of a person's session does. Programs that the test has started go on.
func (b *Bed) LogOut() {
	b.t.Helper()
	if b.Bus != nil {
		b.Bus.Close()
	}
	for _, p := range slices.Backward(b.desktop) {
		p.Kill()
	}
	b.procs = slices.DeleteFunc(b.procs, func(p *Process) bool { return slices.Contains(b.desktop, p) })
}

// LogIn starts the desktop again, at the same addresses. Tray and Notes are new
// ones.
func (b *Bed) LogIn() {
	b.t.Helper()
	before := slices.Clone(b.procs)
	b.bringUp(b.options)
	b.desktop = slices.DeleteFunc(slices.Clone(b.procs), func(p *Process) bool { return slices.Contains(before, p) })
}

// LoseDisplay ends the display alone, as a crash of the X server does.
func (b *Bed) LoseDisplay() {
	b.t.Helper()
	for _, p := range b.desktop {
		if p.Name == "Xvfb" {
			p.Kill()
		}
	}
}
