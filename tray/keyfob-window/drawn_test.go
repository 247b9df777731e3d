//go:build linux && cgo

package main

import (
	"image/color"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
)

// inOrder is what the program says of a window that was drawn and closed.
const inOrder = "drawn\ndone\n"

// TestSaysWhenItHasDrawn looks at the screen at the moment when the program says
// that it has drawn: the page is there, not an empty window.
func TestSaysWhenItHasDrawn(t *testing.T) {
	for name, args := range map[string][]string{
		"a page":         {"show", "tools"},
		"a page unasked": {"show", "--quiet", "tools"},
		"the prompt":     {"prompt", "plant"},
	} {
		t.Run(name, func(t *testing.T) {
			b, e := screen(t), startEngine(t, ended("plant", "ThingWorx Plant 4"))
			p := e.start(b, nil, nil, args...)
			b.Wait("the word that it has drawn", func() bool { return strings.Contains(p.Output(), "drawn\n") })
			picture, shades := b.Picture(), map[color.RGBA]bool{}
			for i := 0; i+3 < len(picture.Pix); i += 4 {
				shades[color.RGBA{picture.Pix[i], picture.Pix[i+1], picture.Pix[i+2], picture.Pix[i+3]}] = true
			}
			if len(shades) <= 20 { // text has many
				t.Errorf("there are %d shades on the screen", len(shades))
			}
			if out := p.Output(); out != "drawn\n" {
				t.Errorf("it says %q", out)
			}
		})
	}
}

// TestSaysWhatIsMissing is where no window can ever be drawn: the program says
// what is missing, and ends.
func TestSaysWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		options bed.Options
		env     []string
		says    string
	}{
		"OpenGL is too old":        {bed.Options{}, []string{"MESA_GL_VERSION_OVERRIDE=1.4"}, "no OpenGL"},
		"the screen has no OpenGL": {bed.Options{NoGLX: true}, nil, "no OpenGL"},
		"no driver for OpenGL":     {bed.Options{}, []string{"LIBGL_DRIVERS_PATH=/nonexistent"}, "no OpenGL"},
		"no display":               {bed.Options{NoDisplay: true}, nil, "no screen"},
		"a display that is gone":   {bed.Options{NoDisplay: true}, []string{"DISPLAY=:4711"}, "no screen"},
		"Wayland alone":            {bed.Options{Sway: true, NoXwayland: true}, nil, "no Xwayland"},
	} {
		for _, args := range [][]string{{"show", "tools"}, {"show", "--quiet", "tools"}, {"prompt", "plant"}} {
			t.Run(name+" for "+args[0], func(t *testing.T) {
				c.options.NoBus = true
				b, e := bed.Start(t, c.options), startEngine(t, ended("plant", "ThingWorx Plant 4"))
				p := e.start(b, nil, c.env, args...)
				wantExit(t, b, p, 1)
				if out := p.Output(); !slices.Contains(strings.Split(out, "\n"), c.says) {
					t.Errorf("it says %q, want %q", out, c.says)
				}
			})
		}
	}
}

// TestSaysNothingOfAScreenThatDoesNotAnswer hangs in the X library, which nothing
// but its end helps.
func TestSaysNothingOfAScreenThatDoesNotAnswer(t *testing.T) {
	b, e := bed.Start(t, bed.Options{NoDisplay: true, NoBus: true}), startEngine(t, ended("plant", "ThingWorx Plant 4"))
	display := strconv.Itoa(20_000 + os.Getpid()%10_000) // of no server
	silent := filepath.Join("/tmp/.X11-unix", "X"+display)
	if err := os.MkdirAll(filepath.Dir(silent), 0o777); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", silent)
	if err != nil {
		t.Fatal(err)
	}
	called := make(chan struct{})
	go func() {
		defer close(called)
		if conn, err := l.Accept(); err == nil {
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	p := e.start(b, nil, []string{"DISPLAY=:" + display}, "show", "tools")
	<-called
	if out := p.Output(); out != "" || !p.Running() {
		t.Errorf("it says %q", out)
	}
	p.Kill()
	_ = l.Close()
}

// TestThePromptAnswers whoever asks whether it is still there.
func TestThePromptAnswers(t *testing.T) {
	b, e := screen(t), startEngine(t, ended("plant", "ThingWorx Plant 4"))
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = read.Close(); _ = write.Close() }()
	p := e.start(b, read, nil, "prompt", "plant")
	b.Wait("the window", func() bool { return p.Output() == "drawn\n" })
	for _, want := range []string{"drawn\nopened\n", "drawn\nopened\nopened\n"} {
		if _, err := write.WriteString("prompt\n"); err != nil {
			t.Fatal(err)
		}
		b.Wait("an answer", func() bool { return p.Output() == want })
	}
}
