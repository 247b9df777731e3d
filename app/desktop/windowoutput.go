package desktop

import (
	"bytes"
	"slices"
	"strconv"
	"sync"

	"keyfob/app/agent"
)

// maxLine bounds what is kept of a line that does not end, in bytes. What the
// window program says is shorter.
const maxLine = 4 << 10

// windowOutput is the standard output of a window program, in
// [agent.WindowLine]s; all else is passed over. It is for any goroutine.
type windowOutput struct {
	mu     sync.Mutex
	rest   []byte           // of a line that has not ended
	drawn  bool             // it has drawn its first page
	opened int64            // to how many further ones it has turned; it may say so first
	done   bool             // it said that it ends
	lacks  agent.WindowLine // what it said is missing; "" for nothing
	change chan struct{}    // closed at the next change
}

func newWindowOutput() *windowOutput { return &windowOutput{change: make(chan struct{})} }

// Write implements [io.Writer].
func (o *windowOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rest = append(o.rest, p...)
	for {
		line, rest, ok := bytes.Cut(o.rest, []byte{'\n'})
		if !ok {
			break
		}
		o.take(agent.WindowLine(bytes.TrimSuffix(line, []byte{'\r'})))
		o.rest = slices.Clone(rest)
	}
	if len(o.rest) > maxLine {
		o.rest = nil
	}
	return len(p), nil
}

func (o *windowOutput) take(line agent.WindowLine) {
	switch line {
	case agent.WindowDrawn:
		o.drawn = true
	case agent.WindowOpened:
		o.opened++
	case agent.WindowDone:
		o.done = true
	case agent.WindowNoScreen, agent.WindowNoXwayland, agent.WindowNoOpenGL:
		o.lacks = line
	default:
		return
	}
	close(o.change)
	o.change = make(chan struct{})
}

// shown is how many of the pages that it was told of it has shown, and what is
// closed when it says more.
func (o *windowOutput) shown() (pages int64, more <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.drawn {
		pages = 1 + o.opened
	}
	return pages, o.change
}

// last is what it said at its end: that this was in order, or what is missing.
func (o *windowOutput) last() (done bool, lacks agent.WindowLine) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.done, o.lacks
}

// complaint keeps the beginning of what a window program says on its standard
// error, for a log. It is for any goroutine.
type complaint struct {
	mu   sync.Mutex
	kept []byte
}

// maxComplaint bounds a complaint, in bytes.
const maxComplaint = 1 << 10

// Write implements [io.Writer].
func (c *complaint) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, p[:min(len(p), maxComplaint-len(c.kept))]...)
	return len(p), nil
}

// String is what was kept, in quotation marks.
func (c *complaint) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strconv.Quote(string(c.kept))
}
