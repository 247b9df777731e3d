package assets_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"

	"keyfob/assets"
)

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// small returns what Windows shows at 24 pixels, the nearest rendering to a
// usual panel.
func small(t *testing.T, icon assets.Icon) *image.NRGBA {
	t.Helper()
	img, ok := decode(t, pictures(t, icon.ICO())[2]).(*image.NRGBA)
	if !ok || img.Bounds().Dx() != 24 {
		t.Fatalf("%s: the third picture is %T of %v", icon, img, img.Bounds())
	}
	return img
}

// pictures reads an icon file as Windows does.
func pictures(t *testing.T, ico []byte) [][]byte {
	t.Helper()
	le := binary.LittleEndian
	if le.Uint16(ico) != 0 || le.Uint16(ico[2:]) != 1 {
		t.Fatalf("not an icon file: % x", ico[:6])
	}
	var out [][]byte
	for i := range int(le.Uint16(ico[4:])) {
		e := ico[6+16*i:]
		p := ico[le.Uint32(e[12:]):][:le.Uint32(e[8:])]
		if b := decode(t, p).Bounds(); int(e[0]) != b.Dx() || int(e[1]) != b.Dy() {
			t.Errorf("entry %d says %d×%d, its picture is %v", i, e[0], e[1], b)
		}
		out = append(out, p)
	}
	return out
}

func TestICOHoldsEverySize(t *testing.T) {
	for _, icon := range assets.Icons() {
		if n := len(pictures(t, icon.ICO())); n != 5 {
			t.Errorf("%s: %d pictures, want 5", icon, n)
		}
	}
}

// What systray puts on the bus are the low bytes of RGBA(): they must be the
// plain picture, except where nothing is seen.
func TestSNILowBytesAreThePicture(t *testing.T) {
	for _, icon := range assets.Icons() {
		want, have := decode(t, icon.PNG()).(*image.NRGBA), decode(t, icon.SNI())
		if have.Bounds() != want.Bounds() {
			t.Fatalf("%s: %v, want %v", icon, have.Bounds(), want.Bounds())
		}
		partly := 0
		for y := range want.Bounds().Dy() {
			for x := range want.Bounds().Dx() {
				w := want.NRGBAAt(x, y)
				r, g, b, a := have.At(x, y).RGBA()
				if uint8(a) != w.A {
					t.Fatalf("%s at %d,%d: alpha %d, want %d", icon, x, y, uint8(a), w.A)
				}
				if w.A > 0 && w.A < 255 {
					partly++
				}
				if got := (color.NRGBA{uint8(r), uint8(g), uint8(b), w.A}); w.A > 16 && got != w {
					t.Fatalf("%s at %d,%d: %v, want %v", icon, x, y, got, w)
				}
			}
		}
		if partly == 0 {
			t.Errorf("%s has no partly transparent pixel, so this test shows nothing", icon)
		}
	}
}

// Two icons must differ for someone who sees no colour.
func TestIconsDifferByShape(t *testing.T) {
	all := assets.Icons()
	for i, a := range all {
		for _, b := range all[:i] {
			x, y := small(t, a), small(t, b)
			differ := 0
			for j := 0; j < len(x.Pix); j += 4 {
				if ink(x.Pix[j:]) != ink(y.Pix[j:]) {
					differ++
				}
			}
			if differ < 24 {
				t.Errorf("%s and %s differ in %d of 576 pixels only", a, b, differ)
			}
		}
	}
}

// ink reduces a pixel to what a stencil would keep: 0 for nothing, 1 for the
// fob, 2 for the white sign on it.
func ink(p []byte) int {
	switch {
	case p[3] < 128:
		return 0
	case p[0] > 200 && p[1] > 200 && p[2] > 200:
		return 2
	}
	return 1
}

// The fob's colour must stand out from light and from dark panels: 3:1, as
// WCAG 2 section 1.4.11 asks of a graphic.
func TestFobStandsOutOnAnyPanel(t *testing.T) {
	light, dark := luminance(0xf2, 0xf2, 0xf2), luminance(0x2b, 0x2b, 0x2b)
	for _, icon := range assets.Icons() {
		img := small(t, icon)
		seen := false
		for j := 0; j < len(img.Pix); j += 4 {
			p := img.Pix[j : j+4]
			if p[3] < 255 || ink(p) != 1 || mixed(p) {
				continue
			}
			seen = true
			l := luminance(p[0], p[1], p[2])
			if c := contrast(l, light); c < 3 {
				t.Errorf("%s: #%x has %.1f:1 on a light panel", icon, p[:3], c)
			}
			if c := contrast(l, dark); c < 3 {
				t.Errorf("%s: #%x has %.1f:1 on a dark panel", icon, p[:3], c)
			}
			break
		}
		if !seen {
			t.Errorf("%s has no solid pixel", icon)
		}
	}
}

// mixed reports a pixel at the rim of the white sign.
func mixed(p []byte) bool { return min(p[0], p[1], p[2]) > 0xa0 }

func luminance(r, g, b byte) float64 {
	lin := func(c byte) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }
