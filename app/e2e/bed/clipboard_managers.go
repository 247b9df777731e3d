//go:build linux

package bed

import (
	"os/exec"
	"strings"
	"time"

	"keyfob/auth/authtest"
)

// ClipboardManager is a clipboard manager, by its program.
type ClipboardManager string

// Clipboard managers, of which the first two bring the last text back when the
// clipboard has none.
const (
	Clipman    ClipboardManager = "xfce4-clipman"
	Parcellite ClipboardManager = "parcellite"
	CopyQ      ClipboardManager = "copyq"
)

// StartClipboardManager starts a clipboard manager and waits until it follows the clipboard.
func (b *Bed) StartClipboardManager(m ClipboardManager) {
	b.t.Helper()
	if _, err := exec.LookPath(string(m)); err != nil && m == Parcellite {
		authtest.NotHere(b.t, "not every distribution has %s", m)
	}
	authtest.Need(b.t, string(m), "xclip")
	switch m {
	case Parcellite:
		b.Start(string(m), "--no-icon")
	case CopyQ:
		// This ends when the process that it leaves behind answers.
		if err := b.Command(string(m), "--start-server").Run(); err != nil {
			b.t.Fatalf("%s: %v", m, err)
		}
	default:
		b.Start(string(m))
	}
	// One that starts may look only at what changes, and one that sees changes
	// all the time waits for the last: so another text is copied now and then.
	var text string
	var copied time.Time
	b.Wait("the clipboard manager "+string(m), func() bool {
		if time.Since(copied) > 2*time.Second {
			copied = time.Now()
			text = "from before, " + copied.Format(time.StampNano)
			cmd := b.Command("xclip", "-selection", "clipboard", "-in")
			cmd.Stdin = strings.NewReader(text)
			if err := cmd.Run(); err != nil { // it goes on in the background
				b.t.Fatal(err)
			}
		}
		return b.Remembers(m, text)
	})
}

// Remembers reports whether the manager's history has the text.
func (b *Bed) Remembers(m ClipboardManager, text string) bool {
	b.t.Helper()
	if m == CopyQ {
		out, err := b.Command(string(m), "read", "0", "1", "2", "3").Output()
		return err == nil && strings.Contains(string(out), text)
	}
	found := false
	b.EachFile(func(path string, content []byte) {
		ours := strings.Contains(path, "/clipman/") || strings.Contains(path, "/parcellite/")
		found = found || ours && strings.Contains(string(content), text)
	})
	return found
}
