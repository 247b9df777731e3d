//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"sync"
	"time"

	"keyfob/auth"
)

// farewell is how long the end of this process waits for a clipboard manager
// to look at the clipboard: one that polls does so twice a second.
const farewell = time.Second

// held is a text on a board, which it recognises there without keeping it.
type held struct {
	board board
	size  int
	sum   [sha256.Size]byte

	shown bool // others may have got the text

	mu    sync.Mutex
	owner owner // only who is using the clipboard changes it
}

// place puts a text on a board.
func place(ctx context.Context, b board, text auth.Secret, public bool) (holder, error) {
	o, err := b.own(ctx, text, public, nil)
	if err != nil {
		return nil, err
	}
	h := recall(b, text)
	h.owner = o
	return h, nil
}

// recall is what knows the text again.
func recall(b board, text auth.Secret) *held {
	return &held{board: b, size: len(text), sum: sha256.Sum256([]byte(text.Reveal()))}
}

func (h *held) owned() bool { return h.now().owned() }

func (h *held) now() owner {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.owner
}

// swap makes o the owner in place of the one before.
func (h *held) swap(o owner) {
	h.mu.Lock()
	old := h.owner
	h.owner = o
	h.mu.Unlock()
	if old != o {
		old.release()
	}
}

// clear puts an empty text in the secret's place and keeps it there: managers
// bring back the last text when the clipboard has none. One that has taken the
// secret over is known by what it offers.
func (h *held) clear(ctx context.Context) error {
	const tries = 3
	for range tries {
		o := h.now()
		h.shown = h.shown || o.given()
		if o.owned() {
			emptied, err := o.empty(ctx)
			if err != nil {
				return err
			}
			if h.swap(emptied); emptied.owned() {
				return nil
			}
		}
		o, err := h.board.own(ctx, "", true, h.there)
		if errors.Is(err, errOther) || errors.Is(err, errNoDesktop) {
			return nil
		}
		if err != nil {
			return err
		}
		h.shown = true
		h.swap(o)
	}
	return unavailable("another program keeps putting the secret back", "copy something else", nil)
}

// there returns nil if the text is on the clipboard, whoever put it there.
func (h *held) there(ctx context.Context) error {
	if h.size == 0 {
		return errOther
	}
	m := &matcher{room: h.size, hash: sha256.New()}
	if err := h.board.read(ctx, m); ctx.Err() != nil {
		return unavailable("the desktop does not say what is on the clipboard", "copy something else", ctx.Err())
	} else if err != nil || m.room != 0 || [sha256.Size]byte(m.hash.Sum(nil)) != h.sum {
		return errOther
	}
	return nil
}

// leave gives the empty text up. A manager that has the secret would bring it
// back then, so that where anybody may have it, a blank goes before, which
// managers do take for a text.
func (h *held) leave(ctx context.Context) {
	o := h.now()
	if (h.shown || o.given()) && o.owned() {
		ours := func(context.Context) error {
			if !o.owned() {
				return errOther
			}
			return nil
		}
		if blank, err := h.board.own(ctx, " ", true, ours); err == nil {
			h.swap(blank)
			within, cancel := context.WithTimeout(ctx, farewell)
			blank.taken(within)
			cancel()
		}
	}
	h.now().release()
}

func (h *held) drop() { h.now().release() }

// matcher compares what is written to it with a text of which only the sum is
// known, without keeping it.
type matcher struct {
	room int // what may still come
	hash hash.Hash
}

// errOther says that the clipboard has another text, or none.
var errOther = errors.New("another text")

func (m *matcher) Write(p []byte) (int, error) {
	if len(p) > m.room {
		m.room = -1
		return 0, errOther
	}
	m.room -= len(p)
	return m.hash.Write(p)
}
