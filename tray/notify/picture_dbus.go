//go:build linux || freebsd || openbsd || netbsd

package notify

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"

	"keyfob/assets"
)

// pixels are the hint image-data of the specification.
type pixels struct {
	Width, Height, Stride int32
	Alpha                 bool
	Bits, Channels        int32
	Data                  []byte // red, green, blue, alpha, not multiplied by it
}

// picture is an icon as it goes along with a notification: the desktop knows
// the icon's name only where Keyfob was installed.
func picture(icon assets.Icon) (pixels, bool) {
	if icon == "" {
		return pixels{}, false
	}
	img, err := png.Decode(bytes.NewReader(icon.PNG()))
	if err != nil {
		return pixels{}, false
	}
	out := image.NewNRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return pixels{
		Width: int32(out.Rect.Dx()), Height: int32(out.Rect.Dy()), Stride: int32(out.Stride),
		Alpha: true, Bits: 8, Channels: 4, Data: out.Pix,
	}, true
}
