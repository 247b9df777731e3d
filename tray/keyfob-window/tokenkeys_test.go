//go:build linux && cgo

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"os"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestTokenByKeyboard is a person who never touches the mouse: reads, copies a
// claim, looks at the token, hides it, copies it and leaves. Before it is asked
// for, the token is nowhere in the window program.
func TestTokenByKeyboard(t *testing.T) {
	b := screen(t)
	tokens := entra()
	e := startEngine(t, signedIn(tokens))
	e.hold(tokens)
	p := e.show(b, "token/plant4", "FYNE_THEME=light", "FYNE_SCALE=1")
	w := b.WaitWindow("Keyfob: Token")
	b.Wait("what the token says", func() bool { return drawn(b, w) })
	e.waitAsked(b, "inspect plant4")
	hidden := settled(b, w, table)

	b.Key(w, "Tab", "Return")
	b.Wait("the issuer in the clipboard", func() bool { return b.Clipboard() == tokens.Account.Issuer })

	b.Key(w, "Tab")
	b.Wait("the focus to leave the table", func() bool { return bytes.Equal(part(b, w, table), hidden) })
	for name, secret := range secretsOf(tokens) {
		if inMemory(t, p, secret) {
			t.Errorf("the %s is in the window program before anybody asked to see it", name)
		}
	}
	b.Key(w, "Return")
	e.waitAsked(b, "inspect plant4", "token plant4")
	b.Wait("the token on the screen", func() bool { return !bytes.Equal(part(b, w, table), hidden) })
	if !inMemory(t, p, tokens.Access) {
		t.Error("the token is not in the window program that shows it, so this test finds nothing")
	}
	if inMemory(t, p, tokens.Refresh) {
		t.Error("the refresh token is in the window program")
	}
	b.Key(w, "Escape")
	b.Wait("the token to be hidden", func() bool { return bytes.Equal(part(b, w, table), hidden) })

	b.Key(w, "Tab", "Return")
	e.waitAsked(b, "inspect plant4", "token plant4", "copy plant4")
	b.Key(w, "Escape")
	wantExit(t, b, p, 0)
	if out := p.Output(); out != inOrder {
		t.Errorf("printed:\n%s", out)
	}
	b.EachFile(func(path string, content []byte) {
		for name, secret := range secretsOf(tokens) {
			if bytes.Contains(content, []byte(secret.Reveal())) {
				t.Errorf("the %s is in %s", name, path)
			}
		}
	})
}

// secretsOf are the tokens, and the ends of those that are signed.
func secretsOf(t auth.Tokens) map[string]auth.Secret {
	end := func(s auth.Secret) auth.Secret {
		return auth.Secret(s.Reveal()[strings.LastIndexByte(s.Reveal(), '.')+1:])
	}
	return map[string]auth.Secret{
		"access token": t.Access, "ID token": t.ID, "refresh token": t.Refresh,
		"access token's signature": end(t.Access), "ID token's signature": end(t.ID),
	}
}

// table is where the table is, in the window at its first size and at scale 1.
var table = image.Rect(20, 150, 690, 385)

// part is a part of the window as it is on the screen.
func part(b *bed.Bed, w bed.Window, r image.Rectangle) []byte {
	screen, at := b.Picture(), b.Bounds(w).Min
	var out []byte
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := screen.PixOffset(at.X+r.Min.X, at.Y+y)
		out = append(out, screen.Pix[from:from+4*r.Dx()]...)
	}
	return out
}

// settled is part once nothing changes in it.
func settled(b *bed.Bed, w bed.Window, r image.Rectangle) []byte {
	last := part(b, w, r)
	b.Wait("the window to come to rest", func() bool {
		time.Sleep(300 * time.Millisecond)
		now := part(b, w, r)
		same := bytes.Equal(now, last)
		last = now
		return same
	})
	return last
}

// drawn reports whether the bar of the token's time is there.
func drawn(b *bed.Bed, w bed.Window) bool {
	screen, bounds := b.Picture(), b.Bounds(w)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		if screen.RGBAAt(bounds.Min.X+50, y) == (color.RGBA{0x1f, 0x9d, 0x55, 0xff}) {
			return true
		}
	}
	return false
}

// inMemory reports whether a secret is in the memory that a process has to
// itself. Where this user may not look, it is not.
func inMemory(t *testing.T, p *bed.Process, secret auth.Secret) bool {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", p.PID()))
	if err != nil {
		t.Fatal(err)
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", p.PID()))
	if err != nil {
		authtest.NotHere(t, "this user may not look into the memory of a process: %v", err)
	}
	defer mem.Close()
	for line := range strings.Lines(string(maps)) {
		var from, to int64
		var rights string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &rights); err != nil || !strings.HasPrefix(rights, "rw-p") {
			continue
		}
		content := make([]byte, to-from)
		n, _ := mem.ReadAt(content, from)
		if bytes.Contains(content[:n], []byte(secret.Reveal())) {
			return true
		}
	}
	return false
}
