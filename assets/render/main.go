// Command render draws the PNG files of package assets from its SVG files. It
// is run by `go generate ./assets` whenever a drawing changes, and never by a
// build: the files that it writes are kept beside the drawings.
package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
)

// The icons, and the sizes in pixels that each is drawn at.
var (
	icons = []string{"out", "well", "soon", "needs", "working", "problem"}
	sizes = []int{16, 20, 24, 32, 44, 48}
)

// appSizes are the program's own icon for menus that take no SVG, beside its
// size for packages.
var appSizes = []int{16, 24, 32, 48, 64, 128, 256}

const (
	trayFile = 44  // twice the 22 pixels of a usual panel
	appSize  = 512 // for packages and menus
	signSize = 96  // for a window, at up to 2.4 times the usual scale
)

func main() {
	files, err := render(".")
	if err == nil {
		err = write(".", files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(1)
	}
}

func write(dir string, files map[string][]byte) error {
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// render draws everything that is drawn from the SVG files under dir, and
// returns it by file name relative to dir.
func render(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	add := func(name string, img image.Image) error {
		var b bytes.Buffer
		enc := png.Encoder{CompressionLevel: png.BestCompression}
		err := enc.Encode(&b, img)
		files[name] = b.Bytes()
		return err
	}
	app, err := draw(filepath.Join(dir, "keyfob.svg"), appSize)
	if err != nil {
		return nil, err
	}
	if err := add("Icon.png", app); err != nil {
		return nil, err
	}
	for _, size := range appSizes {
		img, err := draw(filepath.Join(dir, "keyfob.svg"), size)
		if err != nil {
			return nil, err
		}
		if err := add(fmt.Sprintf("hicolor/%d.png", size), img); err != nil {
			return nil, err
		}
	}
	sign, err := draw(filepath.Join(dir, "icons", "needs.svg"), signSize)
	if err != nil {
		return nil, err
	}
	if err := add("needs.png", sign); err != nil {
		return nil, err
	}
	for _, icon := range icons {
		for _, size := range sizes {
			img, err := draw(filepath.Join(dir, "icons", icon+".svg"), size)
			if err != nil {
				return nil, err
			}
			if err := add(fmt.Sprintf("icons/%s-%d.png", icon, size), img); err != nil {
				return nil, err
			}
			if size != trayFile {
				continue
			}
			if err := add(fmt.Sprintf("icons/%s-sni.png", icon), lowBytes(img)); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// draw renders one SVG file into a square.
func draw(file string, size int) (*image.NRGBA, error) {
	svg, err := oksvg.ReadIcon(file, oksvg.StrictErrorMode)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	side := float64(size)
	svg.SetTarget(0, 0, side, side)
	for i := range svg.SVGPaths {
		// oksvg scales the shapes and leaves the width of lines alone.
		svg.SVGPaths[i].LineWidth *= side / svg.ViewBox.W
	}
	canvas := image.NewRGBA(image.Rect(0, 0, size, size))
	svg.Draw(rasterx.NewDasher(size, size, rasterx.NewScannerGV(size, size, canvas, canvas.Bounds())), 1)
	out := image.NewNRGBA(canvas.Bounds())
	for y := range size {
		for x := range size {
			out.Set(x, y, canvas.At(x, y))
		}
	}
	return out, nil
}

// lowBytes returns img with 16 bits a channel, such that the low byte of what
// [color.Color.RGBA] answers is the 8-bit channel, not multiplied by alpha.
//
// fyne.io/systray puts just these low bytes on the bus, where a host expects
// them so. With an ordinary picture they are noise wherever a pixel is partly
// transparent, which shows as a speckled edge. A channel is moved by no more
// than this takes, so that the picture still looks right to everything else.
func lowBytes(img *image.NRGBA) *image.NRGBA64 {
	out := image.NewNRGBA64(img.Bounds())
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			c := img.NRGBAAt(x, y)
			if c.A == 0 {
				continue
			}
			a := uint16(c.A) * 0x101
			out.SetNRGBA64(x, y, color.NRGBA64{R: lowByte(c.R, a), G: lowByte(c.G, a), B: lowByte(c.B, a), A: a})
		}
	}
	return out
}

// lowByte finds the 16-bit channel nearest to v whose product with alpha has v
// as its low byte. There is none for v at low alpha, where nothing is seen
// anyway; then the plain channel is returned.
func lowByte(v uint8, alpha uint16) uint16 {
	plain := int(v) * 0x101
	for d := range 0x10000 {
		for _, c := range []int{plain + d, plain - d} {
			if c >= 0 && c <= 0xffff && uint8(uint32(c)*uint32(alpha)/0xffff) == v {
				return uint16(c)
			}
		}
	}
	return uint16(plain)
}
