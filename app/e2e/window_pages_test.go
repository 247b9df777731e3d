//go:build linux

package e2e_test

import (
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// TestThePagesOfTheWindow shows each page for real sessions, light and dark.
// Its pictures are the README's.
func TestThePagesOfTheWindow(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 12 * time.Second}}})
	d := newDesktop(t, bed.Options{Windows: true})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false) +
		tool("park", "ThingPark Enterprise", s, npm.NoRefresh, true) +
		tool("lean", "ioTORQ LEAN", s, npm.Rotate, true) +
		tool("history", "Historian API", s, npm.Native, false))
	d.startTray()
	for i, id := range []string{"plant4", "lean", "park"} {
		if got := d.keyfob("login", id); got.code != 0 {
			t.Fatalf("login %s: %s", id, got.err)
		}
		d.Browser.WaitEnd(i + 1)
	}
	prompt := d.WaitWindow("Keyfob")
	d.WaitDrawn(prompt)
	d.PressUntil(prompt, "the end of the prompt", func() bool { return len(d.Windows("Keyfob")) == 0 }, "Escape")

	d.Start(d.program(), "login", "history", "--no-browser")
	d.Tray.WaitEntry("Historian API · signing in…")
	dir := filepath.Dir(d.socket())
	window := func(look string, args ...string) *exec.Cmd {
		cmd := d.Command(filepath.Join(d.Dir, "bin", "keyfob-window"), args...)
		cmd.Env = d.Env("LANG=en", "FYNE_THEME="+look)
		return cmd
	}
	for _, look := range []string{"light", "dark"} {
		asked := d.StartCommand(window(look, "prompt", "--dir", dir, "park"))
		prompt := d.WaitWindow("Keyfob")
		d.WaitDrawn(prompt)
		d.portrait(prompt, "prompt-"+look+".png")
		d.PressUntil(prompt, "the end of the prompt", func() bool { return !asked.Running() }, "Escape")
		if code := d.Exit(asked); code != 0 {
			t.Errorf("the prompt, %s, ended with %d", look, code)
		}

		cmd := window(look, "show", "--dir", dir, "tools")
		turn, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		shown := d.StartCommand(cmd)
		var w bed.Window
		for _, p := range []struct{ key, title, name string }{
			{"tools", "Keyfob", "tools"},
			{"token/plant4", "Keyfob: Token", "token"},
			{"add", "Keyfob: Add a tool", "add"},
			{"settings", "Keyfob: Settings", "settings"},
			{"waiting/history", "Keyfob: Sign-in", "waiting"},
		} {
			if _, err := io.WriteString(turn, p.key+"\n"); err != nil {
				t.Fatal(err)
			}
			w = d.WaitWindow(p.title)
			d.WaitDrawn(w)
			if p.name == "token" {
				d.Key(w, "Right") // to the ID token, which says more
			}
			time.Sleep(time.Second) // for the picture only: what the engine says comes a moment later
			d.portrait(w, p.name+"-"+look+".png")
		}
		d.Key(w, "alt+F4")
		if code := d.Exit(shown); code != 0 {
			t.Errorf("the window, %s, ended with %d", look, code)
		}
	}
}

// portrait keeps a picture of one window.
func (d *desktop) portrait(w bed.Window, name string) {
	d.t.Helper()
	bounds := d.Bounds(w)
	picture := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	draw.Draw(picture, picture.Bounds(), d.Picture(), bounds.Min, draw.Src)
	f, err := os.Create(d.Artifact(name))
	if err == nil {
		err = png.Encode(f, picture)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		d.t.Fatal(err)
	}
}
