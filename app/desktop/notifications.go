package desktop

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

// notifications puts notifications on the screen and takes them off again, one
// after the other on a goroutine of its own: a notification server that hangs
// holds up nobody. Of what waits for the same key only the latest counts. At the
// end it takes everything off, and after a crash the next one does.
type notifications struct {
	file   string // what a crash would leave on the screen; empty for nowhere
	events chan notify.Event
	more   chan struct{} // something waits

	mu     sync.Mutex
	wanted map[string]*notify.Note // what waits, by key; nil for nothing on the screen
	order  []string                // the keys of wanted
	busy   string                  // the key that is being dealt with
	shows  bool                    // something is put there, and not taken off
	server *notify.Notifier        // nil until something is shown, and where there is no session bus
}

// endWithin bounds how long the end may take to clear the screen.
const endWithin = 2 * time.Second

// maxFile bounds the file: far more notifications than there can be.
const maxFile = 64 << 10

func newNotifications(file string) *notifications {
	return &notifications{file: file, events: make(chan notify.Event), more: make(chan struct{}, 1), wanted: map[string]*notify.Note{}}
}

// show has n on the screen under key, in place of what was there.
func (q *notifications) show(key string, n notify.Note) { q.want(key, &n) }

// dismiss has nothing under key.
func (q *notifications) dismiss(key string) {
	q.mu.Lock()
	waits, shows := q.wanted[key] != nil, q.busy == key || q.server != nil
	q.mu.Unlock()
	if waits || shows {
		q.want(key, nil)
	}
}

func (q *notifications) want(key string, n *notify.Note) {
	q.mu.Lock()
	if !slices.Contains(q.order, key) {
		q.order = append(q.order, key)
	}
	q.wanted[key] = n
	q.mu.Unlock()
	select {
	case q.more <- struct{}{}:
	default:
	}
}

// showing reports whether key has something on the screen, or will have soon.
func (q *notifications) showing(key string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n, waits := q.wanted[key]; waits {
		return n != nil
	}
	if q.busy == key {
		return q.shows
	}
	return q.server != nil && q.server.Showing(key)
}

// idle reports whether nothing waits.
func (q *notifications) idle() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.order) == 0 && q.busy == ""
}

// run does what is wanted until ctx ends, and then clears the screen.
func (q *notifications) run(ctx context.Context) {
	var forwarding sync.WaitGroup
	defer forwarding.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begin := func(n *notify.Notifier) {
		forwarding.Go(func() { q.forward(ctx, n) })
	}
	q.sweep(ctx, begin)
	for ctx.Err() == nil {
		key, n, ok := q.next()
		if !ok {
			select {
			case <-q.more:
			case <-ctx.Done():
			}
			continue
		}
		q.put(ctx, key, n, begin)
		q.mu.Lock()
		q.busy = ""
		q.mu.Unlock()
	}
	q.end()
}

// next takes what waits longest.
func (q *notifications) next() (key string, n *notify.Note, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.order) == 0 {
		return "", nil, false
	}
	key = q.order[0]
	n = q.wanted[key]
	q.order = q.order[1:]
	delete(q.wanted, key)
	q.busy, q.shows = key, n != nil
	return key, n, true
}

// put deals with one key. A desktop that shows no notifications has the icon and
// the window.
func (q *notifications) put(ctx context.Context, key string, n *notify.Note, begin func(*notify.Notifier)) {
	server := q.connect(ctx, n != nil, begin)
	switch {
	case server == nil:
		return
	case n == nil:
		_ = server.Dismiss(ctx, key)
	default:
		_ = server.Show(ctx, key, *n)
	}
	q.remember(ctx, server.Shown())
}

// connect returns the notifier, nil for none. It is made where that may be.
func (q *notifications) connect(ctx context.Context, may bool, begin func(*notify.Notifier)) *notify.Notifier {
	q.mu.Lock()
	server := q.server
	q.mu.Unlock()
	if server != nil || !may {
		return server
	}
	server, err := notify.Open(ctx)
	if err != nil {
		return nil
	}
	begin(server)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.server = server
	return server
}

// forward tells of the buttons that are pressed.
func (q *notifications) forward(ctx context.Context, n *notify.Notifier) {
	for {
		select {
		case e := <-n.Events():
			select {
			case q.events <- e:
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
func (q *notifications) sweep(ctx context.Context, begin func(*notify.Notifier)) {
	shown := q.recall()
	if len(shown.IDs) == 0 {
		return
	}
	if server := q.connect(ctx, true, begin); server != nil && server.Withdraw(ctx, shown) == nil {
		q.remember(ctx, notify.Shown{})
	}
}

// end clears the screen.
func (q *notifications) end() {
	q.mu.Lock()
	server := q.server
	q.mu.Unlock()
	if server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), endWithin)
	defer cancel()
	if server.Withdraw(ctx, server.Shown()) == nil {
		q.remember(ctx, notify.Shown{})
	}
	_ = server.Close()
}

// recall reads what remember wrote. A file that is missing or damaged leaves
// nothing to take away.
func (q *notifications) recall() (shown notify.Shown) {
	if q.file == "" {
		return notify.Shown{}
	}
	data, err := plainfile.ReadOwn(q.file, maxFile)
	if err != nil || json.Unmarshal(data, &shown) != nil {
		return notify.Shown{}
	}
	return shown
}

// remember writes what is on the screen to the file. Failing costs no more than
// a notification that nobody takes away after a crash.
func (q *notifications) remember(ctx context.Context, shown notify.Shown) {
	switch {
	case q.file == "":
	case len(shown.IDs) == 0:
		_ = os.Remove(q.file)
	default:
		if data, err := json.Marshal(shown); err == nil {
			_ = wholefile.WriteOwn(ctx, q.file, data)
		}
	}
}
