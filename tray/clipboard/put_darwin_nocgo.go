//go:build darwin && !cgo

package clipboard

import (
	"context"
	"crypto/sha256"
	"os/exec"
	"strings"

	"keyfob/auth"
)

// Absolute, so that no other program of that name sees the secret.
const (
	pbcopy  = "/usr/bin/pbcopy"
	pbpaste = "/usr/bin/pbpaste"
)

// macHolder is a text that macOS holds: it stays when this process ends.
//
// pbcopy cannot mark it as concealed (org.nspasteboard.ConcealedType), so
// clipboard managers may keep it, and Universal Clipboard may offer it on the
// person's other devices.
type macHolder struct {
	sum [sha256.Size]byte // the text is not kept to recognise it by
}

func put(ctx context.Context, text auth.Secret, _ bool) (holder, error) {
	if err := paste(ctx, text.Reveal()); err != nil {
		return nil, unavailable("pbcopy cannot set the clipboard", "use `keyfob token`", err)
	}
	return &macHolder{sum: sha256.Sum256([]byte(text.Reveal()))}, nil
}

func paste(ctx context.Context, text string) error {
	c := exec.CommandContext(ctx, pbcopy)
	c.Env = []string{"LC_CTYPE=UTF-8"} // else it takes the text for MacRoman
	c.Stdin = strings.NewReader(text)
	return c.Run()
}

func (h *macHolder) owned() bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return h.there(ctx)
}

func (h *macHolder) there(ctx context.Context) bool {
	c := exec.CommandContext(ctx, pbpaste)
	c.Env = []string{"LC_CTYPE=UTF-8"}
	text, err := c.Output()
	return err == nil && sha256.Sum256(text) == h.sum
}

func (h *macHolder) clear(ctx context.Context) error {
	if !h.there(ctx) {
		return nil
	}
	if err := paste(ctx, ""); err != nil {
		return unavailable("pbcopy cannot clear the clipboard", "copy something else", err)
	}
	return nil
}

func (h *macHolder) drop() {}

func (h *macHolder) leave(context.Context) {}
