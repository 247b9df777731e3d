package keychain

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// helper is a child process that runs, as its parent sees it.
type helper struct {
	of   *Child
	cmd  *exec.Cmd
	wire wire
	out  chan letter
	gone chan struct{} // closed when it has ended

	asking  atomic.Int32 // dialogs of its on the screen
	lasting atomic.Bool  // it remembers approvals that a new one would have to ask for
	retired atomic.Bool  // it takes no new questions
	nothing atomic.Bool  // what it said last makes no sense

	mu    sync.Mutex
	next  uint64
	waits map[uint64]chan answer
	timer *time.Timer // ends it when nobody uses it
}

// letter is a question on its way out.
type letter struct {
	q     question
	files []*os.File
	sent  chan error
}

// start starts a helper. It greets the keychain while questions are on their way.
func (c *Child) start() (*helper, error) {
	cmd := exec.Command(c.argv[0], c.argv[1:]...) // stderr goes nowhere: a crash could print a token
	if c.argv[0] == "/proc/self/exe" {
		cmd.Args[0] = os.Args[0] // the name that a person sees, and that some programs go by
	}
	apart(cmd)
	w, after, err := pair(cmd)
	if err != nil {
		return nil, failed("the keychain helper could not be started", err)
	}
	err = cmd.Start()
	after()
	if err != nil {
		_ = w.Close()
		return nil, failed("the keychain helper could not be started", err)
	}
	h := &helper{of: c, cmd: cmd, wire: w, out: make(chan letter), gone: make(chan struct{}), next: 1, waits: map[uint64]chan answer{}}
	h.timer = time.AfterFunc(time.Hour, h.idle)
	h.timer.Stop()
	heard := make(chan struct{})
	c.running.Go(func() { h.listen(); close(heard) })
	c.running.Go(h.write)
	c.running.Go(func() { h.reap(heard) })
	return h, nil
}

// write sends questions, the greeting first.
func (h *helper) write() {
	err := write(h.wire, question{ID: 1, Op: opHello, Service: h.of.service}, nil)
	for {
		select {
		case l := <-h.out:
			if err == nil {
				err = write(h.wire, l.q, l.files)
			}
			l.sent <- err
		case <-h.gone:
			return
		}
	}
}

// listen hands out answers until there are no more.
func (h *helper) listen() {
	defer h.retired.Store(true)
	for {
		var a answer
		if err := read(h.wire, &a); err != nil {
			if errors.Is(err, errNonsense) {
				h.nothing.Store(true)
				killGroup(h.cmd)
			}
			return
		}
		switch {
		case a.Asking != 0:
			h.asking.Add(a.Asking)
			continue
		case a.ID == 1:
			h.lasting.Store(a.Lasting)
			continue
		case a.Last:
			h.retired.Store(true)
		}
		h.mu.Lock()
		reply := h.waits[a.ID]
		delete(h.waits, a.ID)
		h.mu.Unlock()
		if reply != nil {
			reply <- a
		}
	}
}

// reap waits for the end of the process and then of its wire.
func (h *helper) reap(heard <-chan struct{}) {
	_ = h.cmd.Wait()
	late := time.NewTimer(pipeDelay)
	defer late.Stop()
	select {
	case <-heard:
	case <-late.C:
	}
	_ = h.wire.Close()
	<-heard
	h.asking.Store(0)
	close(h.gone)
}

func (h *helper) isGone() bool {
	select {
	case <-h.gone:
		return true
	default:
		return false
	}
}

// expect numbers a question and returns where its answer comes.
func (h *helper) expect(q *question) <-chan answer {
	reply := make(chan answer, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.timer.Stop()
	h.next++
	q.ID = h.next
	h.waits[q.ID] = reply
	return reply
}

// done says that nobody waits for a question's answer any more.
func (h *helper) done(id uint64) {
	h.mu.Lock()
	delete(h.waits, id)
	last := len(h.waits) == 0
	if last && !h.lasting.Load() {
		h.timer.Reset(h.of.idle)
	}
	h.mu.Unlock()
	if last && h.retired.Load() {
		h.hangUp()
	}
}

// put puts a question. sent is false if the helper cannot have seen it.
func (h *helper) put(ctx context.Context, q question, files []*os.File, reply <-chan answer) (a answer, sent bool, err error) {
	if end, ok := ctx.Deadline(); ok {
		q.Within = time.Until(end)
	}
	q.Files = len(files)
	l := letter{q, files, make(chan error, 1)}
	select {
	case h.out <- l:
	case <-h.gone:
		return a, false, h.broke()
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			h.kill() // it reads nothing any more
		}
		return a, true, ended(ctx.Err())
	}
	select {
	case err := <-l.sent:
		if err != nil {
			h.retired.Store(true)
			return a, false, h.broke()
		}
	case <-ctx.Done():
	}
	select {
	case a = <-reply:
		return a, true, nil
	case <-h.gone:
		return h.late(reply)
	case <-ctx.Done():
		a, ok := h.giveUp(q.ID, reply)
		if ok && a.OK {
			return a, true, nil
		}
		return answer{}, true, ended(ctx.Err())
	}
}

// late is the answer of a helper that has ended.
func (h *helper) late(reply <-chan answer) (a answer, sent bool, err error) {
	select {
	case a = <-reply:
		return a, true, nil
	default:
		return a, true, h.broke()
	}
}

// giveUp has the helper give up a question, so that nothing of it happens later.
// One that does not is killed.
func (h *helper) giveUp(id uint64, reply <-chan answer) (a answer, ok bool) {
	late, cancel := context.WithTimeout(context.Background(), giveUpWithin)
	defer cancel()
	select {
	case h.out <- letter{question{ID: id, Op: opCancel}, nil, make(chan error, 1)}:
	case <-h.gone:
	case <-late.Done():
	}
	select {
	case a = <-reply:
		return a, true
	case <-h.gone:
	case <-late.Done():
		h.kill()
	}
	return a, false
}

// kill ends a helper that hangs.
func (h *helper) kill() {
	h.retired.Store(true)
	killGroup(h.cmd)
	<-h.gone
}

func (h *helper) broke() error {
	if h.nothing.Load() {
		return failed("the keychain helper gave no answer that makes sense", nil)
	}
	return failed("the keychain helper broke off in the middle", nil)
}

// idle ends a helper that nobody has used for a while.
func (h *helper) idle() {
	now := <-h.of.current
	h.mu.Lock()
	unused := len(h.waits) == 0
	h.mu.Unlock()
	if now == h && unused {
		h.hangUp()
		now = nil
	}
	h.of.current <- now
}

// leave lets a helper go that takes no new questions.
func (h *helper) leave() {
	h.retired.Store(true)
	h.mu.Lock()
	last := len(h.waits) == 0
	h.mu.Unlock()
	if last {
		h.hangUp()
	}
}

// hangUp tells the helper to end. It does when it is done with what it writes.
func (h *helper) hangUp() {
	h.retired.Store(true)
	h.mu.Lock()
	h.timer.Stop()
	within := giveUpWithin
	if len(h.waits) > 0 {
		within = h.of.deadline
	}
	h.mu.Unlock()
	_ = h.wire.Close()
	late := time.AfterFunc(within, func() { killGroup(h.cmd) })
	h.of.running.Go(func() { <-h.gone; late.Stop() })
}
