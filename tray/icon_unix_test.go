//go:build linux || freebsd || openbsd || netbsd

package tray_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"keyfob/assets"
)

type pixmap struct {
	W, H int32
	Pix  []byte
}

func (h *host) icon(item string) []byte {
	h.t.Helper()
	var pix []pixmap
	if h.property(item, "IconPixmap", &pix); len(pix) != 1 {
		h.t.Fatalf("%d pictures", len(pix))
	}
	// What cannot be seen need not be right.
	for i := 0; i < len(pix[0].Pix); i += 4 {
		if p := pix[0].Pix[i:]; p[0] <= 16 {
			p[1], p[2], p[3] = 0, 0, 0
		}
	}
	return pix[0].Pix
}

// argb is an icon as a StatusNotifierItem has to send it: alpha first, colours
// not multiplied by it.
func argb(t *testing.T, icon assets.Icon) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(icon.PNG()))
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	pix := img.(*image.NRGBA).Pix
	for i := 0; i < len(pix); i += 4 {
		r, g, b, a := pix[i], pix[i+1], pix[i+2], pix[i+3]
		if a <= 16 {
			r, g, b = 0, 0, 0
		}
		out = append(out, a, r, g, b)
	}
	return out
}
