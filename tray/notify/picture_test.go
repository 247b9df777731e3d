//go:build linux || freebsd || openbsd || netbsd

package notify

import (
	"testing"

	"keyfob/assets"
)

// A notification carries its icon, which the desktop may not know by name.
func TestPicture(t *testing.T) {
	p, ok := picture(assets.IconNeeds)
	if !ok || p.Width != 44 || p.Height != 44 || p.Stride != 4*44 || len(p.Data) != 4*44*44 {
		t.Fatalf("%v: %d×%d, %d bytes a line, %d in all", ok, p.Width, p.Height, p.Stride, len(p.Data))
	}
	middle := p.Data[30*int(p.Stride)+4*10:][:4] // in the fob, left of the sign
	if r, g, b, a := middle[0], middle[1], middle[2], middle[3]; a != 0xff || r < 0xc0 || g > 0x60 || b > 0x60 {
		t.Errorf("the fob is %v, want red", middle)
	}
	if _, ok := picture(""); ok {
		t.Error("a picture of nothing")
	}
}
