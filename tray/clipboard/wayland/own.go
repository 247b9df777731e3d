//go:build linux || freebsd || openbsd || netbsd

package wayland

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// hint is the agreement that clipboard managers heed: do not keep this.
const hint = "x-kde-passwordManagerHint"

const (
	transferTime = 30 * time.Second // for whoever pastes, to take all of it
	transferMost = 32               // at a time
)

// Owner is a text on the clipboard, served until another program copies.
type Owner struct {
	client *client
	source uint32
	secret bool

	given atomic.Int64

	mu        sync.Mutex
	text      string
	closed    bool
	open      map[*os.File]bool // who is being given the text
	transfers sync.WaitGroup
	ended     chan struct{} // closed when the selection is another's, and nothing runs any more
}

// Own puts text on the clipboard in place of what is there, marked as a secret
// or not. It returns once the compositor has taken it.
func Own(ctx context.Context, text string, secret bool) (*Owner, error) {
	c, err := dial(ctx)
	if err != nil {
		return nil, err
	}
	o := &Owner{client: c, source: c.newID(), secret: secret, text: text, open: map[*os.File]bool{}, ended: make(chan struct{})}
	if err := c.within(ctx, o.acquire); err != nil {
		o.finish()
		return nil, err
	}
	go o.serve()
	return o, nil
}

var errTaken = errors.New("another program took the clipboard at the same moment")

func (o *Owner) acquire() error {
	if err := o.client.send(o.client.manager, managerCreateSource, o.source); err != nil {
		return err
	}
	types := texts[:]
	if o.secret {
		types = append([]string{hint}, types...)
	}
	for _, kind := range types {
		if err := o.client.send(o.source, sourceOffer, kind); err != nil {
			return err
		}
	}
	if err := o.client.send(o.client.device, deviceSetSelection, o.source); err != nil {
		return err
	}
	lost := false
	err := o.client.roundTrip(func(m message) error {
		lost = lost || o.handle(m)
		return nil
	})
	if err == nil && (lost || o.client.gone) {
		return errTaken
	}
	return err
}

// serve answers who pastes, until the selection is another's or the compositor
// is gone.
func (o *Owner) serve() {
	defer o.finish()
	for {
		m, err := o.client.receive()
		if err != nil || o.handle(m) || o.client.handle(m) != nil || o.client.gone {
			return
		}
	}
}

// handle answers a request for the text, and reports whether the selection is
// lost.
func (o *Owner) handle(m message) (lost bool) {
	if m.object != o.source {
		return false
	}
	if m.opcode == sourceSend {
		kind := m.text()
		if fd, ok := o.client.fd(); ok {
			o.give(fd, kind)
		}
	}
	return m.opcode == sourceCancelled
}

// give writes the text to whoever pastes, who may be slow, or never read.
func (o *Owner) give(fd int, kind string) {
	_ = unix.SetNonblock(fd, true) // so that there are deadlines
	to := os.NewFile(uintptr(fd), "paste")
	o.mu.Lock()
	defer o.mu.Unlock()
	text := o.text
	if kind == hint {
		text = "secret"
	} else {
		o.given.Add(1)
	}
	if o.closed || len(o.open) == transferMost {
		_ = to.Close()
		return
	}
	o.open[to] = true
	o.transfers.Go(func() {
		_ = to.SetWriteDeadline(time.Now().Add(transferTime))
		_, _ = io.Copy(to, strings.NewReader(text)) // whoever goes away has enough
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.open[to] {
			delete(o.open, to)
			_ = to.Close()
		}
	})
}

// interrupt ends the transfers.
func (o *Owner) interrupt() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.text = true, ""
	for to := range o.open {
		_ = to.Close()
	}
	clear(o.open)
}

func (o *Owner) finish() {
	o.client.close()
	o.interrupt()
	o.transfers.Wait()
	close(o.ended)
}

// Owned reports whether the clipboard is still this text's.
func (o *Owner) Owned() bool {
	select {
	case <-o.ended:
		return false
	default:
		return true
	}
}

// Empty makes the text empty from now on. The clipboard stays this owner's, so
// nobody has a reason to put an older text there.
func (o *Owner) Empty() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = ""
}

// Given is how often the text was asked for, its own reading back included.
func (o *Owner) Given() int { return int(o.given.Load()) }

// Close gives the clipboard up and waits until nothing runs any more.
func (o *Owner) Close() {
	_ = o.client.conn.Close()
	<-o.ended
}
