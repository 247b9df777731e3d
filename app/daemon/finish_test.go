package daemon

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestNobodyComesInAtTheEnd: an engine that has made up its mind to end begins
// nothing more, and one that somebody asks at that moment does not end.
func TestNobodyComesInAtTheEnd(t *testing.T) {
	l := newLife(false, time.Now)
	gone := l.client()
	if gone == nil || l.finish() {
		t.Error("it ends while somebody asks")
	}
	gone()
	if !l.finish() {
		t.Error("it does not end")
	}
	if l.client() != nil {
		t.Error("a client was let in at the end")
	}
	if newLife(true, time.Now).finish() {
		t.Error("an engine that was started to stay ends")
	}
}

// TestWhoIsLeavingIsWaitedFor: a command whose answer has gone out does not keep the
// next one from an engine with other settings.
func TestWhoIsLeavingIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLife(false, time.Now)
		l.use = func(context.Context) use { return use{} }
		gone := l.client()
		time.AfterFunc(10*leavesAgain, gone)
		if !l.idleSoon(t.Context()) {
			t.Error("it is not idle although its last client has left")
		}
		defer l.client()()
		if l.idleSoon(t.Context()) {
			t.Error("it is idle while somebody asks")
		}
	})
}
