//go:build linux

package bed

import (
	"bufio"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"keyfob/auth/authtest"
)

// quiet keeps xgb from logging that the screen asks for no authority.
var quiet = sync.OnceFunc(func() { xgb.Logger = log.New(io.Discard, "", 0) })

func (b *Bed) startScreen(o Options) {
	b.t.Helper()
	quiet()
	authtest.Need(b.t, "Xvfb")
	tell, told, err := os.Pipe()
	if err != nil {
		b.t.Fatal(err)
	}
	defer tell.Close()
	args := []string{"-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset", "-ac"}
	if o.NoGLX {
		args = append(args, "-extension", "GLX")
	}
	if b.Display != "" {
		args = append([]string{b.Display}, args...)
	}
	cmd := b.Command("Xvfb", args...)
	cmd.ExtraFiles = []*os.File{told}
	b.StartCommand(cmd)
	told.Close()
	number, err := bufio.NewReader(tell).ReadString('\n')
	if err != nil {
		b.t.Fatalf("Xvfb did not come up: %v", err)
	}
	b.Display = ":" + strings.TrimSpace(number)
}

// Screenshot keeps a picture of the screen in the artifacts folder.
func (b *Bed) Screenshot(name string) {
	b.t.Helper()
	if err := b.shoot(b.Artifact(name)); err != nil {
		b.t.Fatalf("picture of the screen: %v", err)
	}
}

// shoot writes what is on the screen to a PNG file.
func (b *Bed) shoot(file string) error {
	img, err := b.screen()
	if err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Picture is what is on the screen.
func (b *Bed) Picture() *image.RGBA {
	b.t.Helper()
	img, err := b.screen()
	if err != nil {
		b.t.Fatalf("picture of the screen: %v", err)
	}
	return img
}

func (b *Bed) screen() (*image.RGBA, error) {
	x, err := xgb.NewConnDisplay(b.Display)
	if err != nil {
		return nil, err
	}
	defer x.Close()
	root := xproto.Setup(x).DefaultScreen(x)
	w, h := root.WidthInPixels, root.HeightInPixels
	got, err := xproto.GetImage(x, xproto.ImageFormatZPixmap, xproto.Drawable(root.Root), 0, 0, w, h, ^uint32(0)).Reply()
	if err != nil {
		return nil, err
	}
	img := image.NewRGBA(image.Rect(0, 0, int(w), int(h)))
	for i := 0; i+3 < len(got.Data); i += 4 { // BGRx in a 24-bit visual on a little-endian server
		img.Set(i/4%int(w), i/4/int(w), color.RGBA{got.Data[i+2], got.Data[i+1], got.Data[i], 0xff})
	}
	return img, nil
}

// Clipboard is the text on the clipboard, "" if there is none.
func (b *Bed) Clipboard() string {
	b.t.Helper()
	if b.Wayland != "" {
		return b.ClipboardAs("text/plain")
	}
	authtest.Need(b.t, "xclip")
	// xclip waits without end for an owner that goes away between its questions.
	ctx, cancel := context.WithTimeout(b.t.Context(), 5*time.Second)
	defer cancel()
	out, err := b.command(ctx, "xclip", "-selection", "clipboard", "-out").Output()
	if err != nil {
		return "" // xclip fails when nobody owns the clipboard
	}
	return string(out)
}

// Window is a window on the screen, named as X names it.
type Window string

// Windows are the visible windows with this title.
func (b *Bed) Windows(title string) []Window {
	b.t.Helper()
	authtest.Need(b.t, "xdotool")
	out, err := b.Command("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$").Output()
	if err != nil {
		return nil // xdotool fails when it finds none
	}
	var all []Window
	for _, id := range strings.Fields(string(out)) {
		all = append(all, Window(id))
	}
	return all
}

// WaitWindow waits for a visible window with this title.
func (b *Bed) WaitWindow(title string) Window {
	b.t.Helper()
	var all []Window
	b.Wait("a window titled "+title, func() bool {
		all = b.Windows(title)
		return len(all) > 0
	})
	return all[0]
}

// WaitNoWindow waits until no window has this title.
func (b *Bed) WaitNoWindow(title string) {
	b.t.Helper()
	b.Wait("the end of the window titled "+title, func() bool { return len(b.Windows(title)) == 0 })
}

// Key gives the window the focus and presses keys in it, in xdotool's words,
// such as Return or alt+F4.
func (b *Bed) Key(w Window, keys ...string) {
	b.t.Helper()
	b.Run("xdotool", append([]string{"windowfocus", "--sync", string(w), "key", "--clearmodifiers"}, keys...)...)
}

// PressUntil gives the window the focus and presses keys, as somebody does who
// looks at it for a moment first, and again until done is true.
func (b *Bed) PressUntil(w Window, what string, done func() bool, keys ...string) {
	b.t.Helper()
	b.Wait(what, func() bool {
		// The window may be gone by then.
		_ = b.Command("xdotool", append([]string{"windowfocus", string(w), "sleep", "0.8", "key", "--clearmodifiers"}, keys...)...).Run()
		return Soon(done)
	})
}

// Soon reports whether done comes true while a person would wait.
func Soon(done func() bool) bool {
	for end := time.Now().Add(10 * time.Second); !done(); time.Sleep(25 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// Bounds is where the window is on the screen, without what the window manager
// puts around it. It is empty once the window is gone.
func (b *Bed) Bounds(w Window) image.Rectangle {
	b.t.Helper()
	id, err := strconv.ParseUint(string(w), 10, 32)
	if err != nil {
		b.t.Fatalf("xdotool names a window %q", w)
	}
	x, err := xgb.NewConnDisplay(b.Display)
	if err != nil {
		b.t.Fatal(err)
	}
	defer x.Close()
	size, err := xproto.GetGeometry(x, xproto.Drawable(id)).Reply()
	if err != nil {
		return image.Rectangle{}
	}
	at, err := xproto.TranslateCoordinates(x, xproto.Window(id), size.Root, 0, 0).Reply()
	if err != nil {
		return image.Rectangle{}
	}
	return image.Rect(0, 0, int(size.Width), int(size.Height)).Add(image.Pt(int(at.DstX), int(at.DstY)))
}

// WaitDrawn waits until there is something to see in the window: text has
// many shades.
func (b *Bed) WaitDrawn(w Window) {
	b.t.Helper()
	b.Wait("something to see in the window", func() bool {
		picture, bounds, shades := b.Picture(), b.Bounds(w), map[color.RGBA]bool{}
		for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
			for x := bounds.Min.X; x < bounds.Max.X; x++ {
				shades[picture.RGBAAt(x, y)] = true
			}
		}
		return len(shades) > 20
	})
}

// ClickAt clicks with the mouse at a place in the window, in pixels from its
// left and top, or if negative from its right and bottom.
func (b *Bed) ClickAt(w Window, x, y int) {
	b.t.Helper()
	bounds := b.Bounds(w)
	if x < 0 {
		x += bounds.Dx()
	}
	if y < 0 {
		y += bounds.Dy()
	}
	b.Run("xdotool", "mousemove", "--window", string(w), strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

// ClickScreen clicks with the mouse at a place on the screen.
func (b *Bed) ClickScreen(x, y int) {
	b.t.Helper()
	b.Run("xdotool", "mousemove", strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

// Press presses keys, one after the other, wherever the focus is.
func (b *Bed) Press(keys ...string) {
	b.t.Helper()
	b.Run("xdotool", append([]string{"key", "--clearmodifiers", "--delay", "200"}, keys...)...)
}
