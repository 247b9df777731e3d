package daemon

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// unseen is the life of an engine that a command started, as a test needs it.
type unseen struct {
	*life
	gone          atomic.Bool  // the socket
	memory        atomic.Int64 // nanoseconds since 1970: the end of what only memory holds; zero for none
	looks         atomic.Int64 // at the socket
	busy, useless atomic.Bool
	ended         chan struct{}
}

func newUnseen(t *testing.T) *unseen { return newUnseenBy(t, time.Now) }

func newUnseenBy(t *testing.T, now func() time.Time) *unseen {
	u := &unseen{life: newLife(false, now), ended: make(chan struct{})}
	u.there = func() bool { u.looks.Add(1); return !u.gone.Load() }
	u.use = func(context.Context) use {
		now := use{busy: u.busy.Load(), useless: u.useless.Load()}
		if end := u.memory.Load(); end != 0 {
			now.memoryUntil = time.Unix(0, end)
		}
		return now
	}
	go func() { u.end(t.Context()); close(u.ended) }()
	return u
}

// endsAfter waits for the end, and says how much later than now it came.
func (u *unseen) endsAfter() time.Duration {
	from := time.Now()
	<-u.ended
	return time.Since(from)
}

// TestAnEngineThatNobodySeesEnds says how long it stays after its last client.
func TestAnEngineThatNobodySeesEnds(t *testing.T) {
	for name, tc := range map[string]struct {
		memory time.Duration // what only memory holds ends then, from now; zero for nothing
		want   time.Duration
	}{
		"nothing to lose":                       {want: time.Minute},
		"a session that ends within the minute": {memory: 10 * time.Second, want: time.Minute},
		"a session of three hours":              {memory: 3 * time.Hour, want: 3 * time.Hour},
		"a session of a month":                  {memory: 30 * 24 * time.Hour, want: 12 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := newUnseen(t)
				if tc.memory != 0 {
					u.memory.Store(time.Now().Add(tc.memory).UnixNano())
				}
				if got := u.endsAfter(); got != tc.want {
					t.Errorf("it ends after %v, want %v", got, tc.want)
				}
			})
		})
	}
}

// TestClientsKeepAnEngine has two clients come and go: the minute counts from the
// last one's end.
func TestClientsKeepAnEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUnseen(t)
		time.Sleep(50 * time.Second)
		one := u.client()
		time.Sleep(24 * time.Hour)
		other := u.client()
		one()
		time.Sleep(time.Hour)
		select {
		case <-u.ended:
			t.Fatal("it ended under a client")
		default:
		}
		other()
		if got := u.endsAfter(); got != time.Minute {
			t.Errorf("it ends %v after the last client", got)
		}
	})
}

// TestAnEngineWithoutASocketEnds takes the socket away: nobody would find the
// engine, whatever its memory holds. A client that is there is still served.
func TestAnEngineWithoutASocketEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUnseen(t)
		u.memory.Store(time.Now().Add(time.Hour).UnixNano())
		gone := u.client()
		u.gone.Store(true)
		time.Sleep(time.Hour / 2)
		select {
		case <-u.ended:
			t.Fatal("it ended under a client")
		default:
		}
		gone()
		if got := u.endsAfter(); got > looksEvery {
			t.Errorf("it ends %v after its last client", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		u := newUnseen(t)
		u.memory.Store(time.Now().Add(10 * time.Hour).UnixNano())
		time.Sleep(time.Hour)
		looks := u.looks.Load()
		if looks > int64(time.Hour/looksEvery)+1 {
			t.Errorf("it looked for its socket %d times in an hour", looks)
		}
		u.gone.Store(true)
		if got := u.endsAfter(); got > looksEvery {
			t.Errorf("it ends %v after its socket was taken away", got)
		}
	})
}

// TestASignInKeepsAnEngine has a person in the browser for an hour, whom no
// client waits for.
func TestASignInKeepsAnEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUnseen(t)
		u.busy.Store(true)
		time.AfterFunc(time.Hour, func() { u.busy.Store(false) })
		if got := u.endsAfter(); got < time.Hour || got > time.Hour+looksEvery {
			t.Errorf("it ends after %v", got)
		}
	})
}

// TestAUselessEngineEndsWithItsClient reaches no keychain: the next command may
// start one that does.
func TestAUselessEngineEndsWithItsClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUnseen(t)
		gone := u.client()
		u.useless.Store(true)
		time.Sleep(time.Hour)
		u.memory.Store(time.Now().Add(time.Hour).UnixNano())
		gone()
		time.Sleep(time.Hour / 2)
		select {
		case <-u.ended:
			t.Fatal("it ended with a session in memory")
		default:
		}
		u.memory.Store(0)
		if got := u.endsAfter(); got > looksEvery {
			t.Errorf("it ends %v after its last session", got)
		}
	})
}

// TestADesktopKeepsAnEngine shows the engine for a day, with nobody asking. When
// the desktop goes, the engine has a minute, unless it was started to stay.
func TestADesktopKeepsAnEngine(t *testing.T) {
	for name, stays := range map[string]bool{"started by a command": false, "started to stay": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := newUnseen(t)
				u.show(true, false)
				time.Sleep(24 * time.Hour)
				if !u.staying() {
					t.Error("an engine with a desktop does not stay")
				}
				looks := u.looks.Load()
				time.Sleep(24 * time.Hour)
				if u.looks.Load() != looks {
					t.Error("it looks for its socket with a desktop")
				}
				u.show(false, stays)
				if stays {
					time.Sleep(24 * time.Hour)
					select {
					case <-u.ended:
						t.Error("it ended")
					default:
					}
					return
				}
				if got := u.endsAfter(); got != time.Minute {
					t.Errorf("it ends %v after its desktop", got)
				}
			})
		})
	}
}

// TestAnEngineIsOfNoUse while nobody sees it or asks it and its memory holds
// nothing, and only then.
func TestAnEngineIsOfNoUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUnseen(t)
		if !u.idle(t.Context()) {
			t.Error("just started, it is of use to somebody")
		}
		gone := u.client()
		if u.idle(t.Context()) {
			t.Error("with a client it is of no use")
		}
		gone()
		u.memory.Store(time.Now().Add(time.Hour).UnixNano())
		if u.idle(t.Context()) {
			t.Error("with a session in memory it is of no use")
		}
		u.memory.Store(0)
		u.busy.Store(true)
		if u.idle(t.Context()) {
			t.Error("with a person who signs in it is of no use")
		}
		u.busy.Store(false)
		u.show(true, false)
		if u.idle(t.Context()) {
			t.Error("with a desktop it is of no use")
		}
	})
}

// TestAClockThatIsSet changes nothing of how long an engine stays by more than the
// time until it looks again.
func TestAClockThatIsSet(t *testing.T) {
	for name, by := range map[string]time.Duration{"back by a year": -365 * 24 * time.Hour, "ahead by a year": 365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var set atomic.Int64
				u := newUnseenBy(t, func() time.Time { return time.Now().Round(0).Add(time.Duration(set.Load())) })
				u.client()()
				time.Sleep(time.Second)
				set.Store(int64(by))
				if got := u.endsAfter(); got > lingers+looksEvery {
					t.Errorf("it ends after %v", got)
				}
			})
		})
	}
}
