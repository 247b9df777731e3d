package app

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"sync"
	"time"

	"keyfob/app/wholefile"
	"keyfob/auth/plainfile"
	"keyfob/tray/notify"
)

// board puts notifications on the screen and takes them off again, one after
// the other on a goroutine of its own: a notification server that hangs holds up
// nobody. Of what waits for the same key only the latest counts. At the end it
// takes everything off, and after a crash the next one does.
type board struct {
	file   string // what a crash would leave on the screen; empty for nowhere
	events chan notify.Event
	more   chan struct{} // something waits

	mu     sync.Mutex
	wanted map[string]*notify.Note // what waits, by key; nil for nothing on the screen
	order  []string                // the keys of wanted
	busy   string                  // the key that is being dealt with
	shows  bool                    // something is put there, and not taken off
	notes  *notify.Notifier        // nil until something is shown, and where there is no session bus
}

// goodbye bounds how long the end may take to clear the screen.
const goodbye = 2 * time.Second

// maxLeft bounds the file: far more notifications than there can be.
const maxLeft = 64 << 10

func newBoard(file string) *board {
	return &board{file: file, events: make(chan notify.Event), more: make(chan struct{}, 1), wanted: map[string]*notify.Note{}}
}

// show has n on the screen under key, in place of what was there.
func (b *board) show(key string, n notify.Note) { b.want(key, &n) }

// dismiss has nothing under key.
func (b *board) dismiss(key string) {
	b.mu.Lock()
	waits, shows := b.wanted[key] != nil, b.busy == key || b.notes != nil
	b.mu.Unlock()
	if waits || shows {
		b.want(key, nil)
	}
}

func (b *board) want(key string, n *notify.Note) {
	b.mu.Lock()
	if !slices.Contains(b.order, key) {
		b.order = append(b.order, key)
	}
	b.wanted[key] = n
	b.mu.Unlock()
	select {
	case b.more <- struct{}{}:
	default:
	}
}

// showing reports whether key has something on the screen, or will have soon.
func (b *board) showing(key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n, waits := b.wanted[key]; waits {
		return n != nil
	}
	if b.busy == key {
		return b.shows
	}
	return b.notes != nil && b.notes.Showing(key)
}

// idle reports whether nothing waits.
func (b *board) idle() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.order) == 0 && b.busy == ""
}

// run does what is wanted until ctx ends, and then clears the screen.
func (b *board) run(ctx context.Context) {
	var passing sync.WaitGroup
	defer passing.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begin := func(n *notify.Notifier) {
		passing.Go(func() { b.pass(ctx, n) })
	}
	b.sweep(ctx, begin)
	for ctx.Err() == nil {
		key, n, ok := b.next()
		if !ok {
			select {
			case <-b.more:
			case <-ctx.Done():
			}
			continue
		}
		b.put(ctx, key, n, begin)
		b.mu.Lock()
		b.busy = ""
		b.mu.Unlock()
	}
	b.end()
}

// next takes what waits longest.
func (b *board) next() (key string, n *notify.Note, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.order) == 0 {
		return "", nil, false
	}
	key = b.order[0]
	n = b.wanted[key]
	b.order = b.order[1:]
	delete(b.wanted, key)
	b.busy, b.shows = key, n != nil
	return key, n, true
}

// put deals with one key. A desktop that shows no notifications has the icon and
// the window.
func (b *board) put(ctx context.Context, key string, n *notify.Note, begin func(*notify.Notifier)) {
	notes := b.open(ctx, n != nil, begin)
	switch {
	case notes == nil:
		return
	case n == nil:
		_ = notes.Dismiss(ctx, key)
	default:
		_ = notes.Show(ctx, key, *n)
	}
	b.remember(ctx, notes.Left())
}

// open returns the notifier, nil for none. It is made where that may be.
func (b *board) open(ctx context.Context, may bool, begin func(*notify.Notifier)) *notify.Notifier {
	b.mu.Lock()
	notes := b.notes
	b.mu.Unlock()
	if notes != nil || !may {
		return notes
	}
	notes, err := notify.Open(ctx)
	if err != nil {
		return nil
	}
	begin(notes)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notes = notes
	return notes
}

// pass tells of the buttons that are pressed.
func (b *board) pass(ctx context.Context, n *notify.Notifier) {
	for {
		select {
		case e := <-n.Events():
			select {
			case b.events <- e:
			case <-ctx.Done():
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// sweep takes away what an earlier program left on the screen when it crashed:
// its buttons do nothing any more.
func (b *board) sweep(ctx context.Context, begin func(*notify.Notifier)) {
	left := b.recall()
	if len(left.IDs) == 0 {
		return
	}
	if notes := b.open(ctx, true, begin); notes != nil && notes.Withdraw(ctx, left) == nil {
		b.remember(ctx, notify.Left{})
	}
}

// end clears the screen.
func (b *board) end() {
	b.mu.Lock()
	notes := b.notes
	b.mu.Unlock()
	if notes == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	if notes.Withdraw(ctx, notes.Left()) == nil {
		b.remember(ctx, notify.Left{})
	}
	_ = notes.Close()
}

// recall reads what remember wrote. A file that is missing or damaged leaves
// nothing to take away.
func (b *board) recall() (left notify.Left) {
	if b.file == "" {
		return notify.Left{}
	}
	data, err := plainfile.ReadOwn(b.file, maxLeft)
	if err != nil || json.Unmarshal(data, &left) != nil {
		return notify.Left{}
	}
	return left
}

// remember writes what is on the screen to the file. Failing costs no more than
// a notification that nobody takes away after a crash.
func (b *board) remember(ctx context.Context, left notify.Left) {
	switch {
	case b.file == "":
	case len(left.IDs) == 0:
		_ = os.Remove(b.file)
	default:
		if data, err := json.Marshal(left); err == nil {
			_ = wholefile.WriteOwn(ctx, b.file, data)
		}
	}
}
