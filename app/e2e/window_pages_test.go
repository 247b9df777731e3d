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
	r := newRig(t, bed.Options{Windows: true})
	r.Browser.Install()
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false) +
		tool("park", "ThingPark Enterprise", s, npm.NoRefresh, true) +
		tool("lean", "ioTORQ LEAN", s, npm.Rotate, true) +
		tool("history", "Historian API", s, npm.Native, false))
	r.start()
	for i, id := range []string{"plant4", "lean", "park"} {
		if got := r.keyfob("login", id); got.code != 0 {
			t.Fatalf("login %s: %s", id, got.err)
		}
		r.Browser.WaitEnd(i + 1)
	}
	prompt := r.WaitWindow("Keyfob")
	r.WaitDrawn(prompt)
	r.PressUntil(prompt, "the end of the prompt", func() bool { return len(r.Windows("Keyfob")) == 0 }, "Escape")

	r.Start(r.program(), "login", "history", "--no-browser")
	r.Tray.WaitEntry("Historian API · signing in…")
	dir := filepath.Dir(r.socket())
	window := func(look string, args ...string) *exec.Cmd {
		cmd := r.Command(filepath.Join(r.Dir, "bin", "keyfob-window"), args...)
		cmd.Env = r.Env("LANG=en", "FYNE_THEME="+look)
		return cmd
	}
	for _, look := range []string{"light", "dark"} {
		asked := r.StartCommand(window(look, "prompt", "--dir", dir, "park"))
		prompt := r.WaitWindow("Keyfob")
		r.WaitDrawn(prompt)
		r.portrait(prompt, "prompt-"+look+".png")
		r.PressUntil(prompt, "the end of the prompt", func() bool { return !asked.Running() }, "Escape")
		if code := r.Exit(asked); code != 0 {
			t.Errorf("the prompt, %s, ended with %d", look, code)
		}

		cmd := window(look, "show", "--dir", dir, "tools")
		turn, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		shown := r.StartCommand(cmd)
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
			w = r.WaitWindow(p.title)
			r.WaitDrawn(w)
			if p.name == "token" {
				r.Key(w, "Right") // to the ID token, which says more
			}
			time.Sleep(time.Second) // for the picture only: what the engine says comes a moment later
			r.portrait(w, p.name+"-"+look+".png")
		}
		r.Key(w, "alt+F4")
		if code := r.Exit(shown); code != 0 {
			t.Errorf("the window, %s, ended with %d", look, code)
		}
	}
}

// portrait keeps a picture of one window.
func (r *rig) portrait(w bed.Window, name string) {
	r.t.Helper()
	bounds := r.Bounds(w)
	picture := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	draw.Draw(picture, picture.Bounds(), r.Picture(), bounds.Min, draw.Src)
	f, err := os.Create(r.Artifact(name))
	if err == nil {
		err = png.Encode(f, picture)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		r.t.Fatal(err)
	}
}
