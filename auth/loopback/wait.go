package loopback

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/url"
	"sync"

	"keyfob/auth"
)

// Callback is the provider's answer. The browser that brought it waits for a
// page until Finish.
type Callback struct {
	// Values are the answer's parameters. One of the states was right; apart
	// from that they are unchecked, and may come more than once. What could not
	// be unescaped is U+FFFD.
	Values url.Values

	finish func(page)
}

// Finish shows the person how the sign-in ended, once the tokens are verified
// and stored or all is lost. It returns when the browser has the page, is gone
// or takes too long. Only the first call does anything.
func (c *Callback) Finish(ok bool) {
	if ok {
		c.finish(pageSignedIn)
	} else {
		c.finish(pageFailed)
	}
}

// Again is Finish for a sign-in that failed and is followed by another one.
func (c *Callback) Again() { c.finish(pageAgain) }

// SignedOut is Finish for a browser that comes back from the provider's
// sign-out page.
func (c *Callback) SignedOut() { c.finish(pageSignedOut) }

// offer is a request that may be the answer, on its way to Wait.
type offer struct {
	values  url.Values
	conn    *conn
	verdict chan page     // takes one
	done    chan struct{} // closed when the browser has its page or is gone
}

// Wait returns the first answer that carries state. All other requests are
// answered and ignored, and the wait goes on. For a stateless listener state is
// empty, and every visit to the right place is right. A listener waits once: after
// Wait has returned, nothing is taken any more, so a replay finds nothing.
// Errors are of KindCanceled when ctx ends (Code "timeout" at its deadline,
// else "canceled") or the listener is closed.
func (l *Listener) Wait(ctx context.Context, state auth.Secret) (*Callback, error) {
	if (state == "") != l.stateless || !l.waiting.CompareAndSwap(false, true) {
		return nil, &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeLoopbackMisused,
			What: "a sign-in's listener was asked to wait twice or without a state",
		}
	}
	defer close(l.over)
	for {
		select {
		case <-ctx.Done():
			return nil, canceled(ctx.Err())
		case <-l.closed:
			return nil, canceled(net.ErrClosed)
		case o := <-l.offers:
			if !l.stateless && !hasState(o.values["state"], state) {
				o.verdict <- pageIgnored
				continue
			}
			if o.conn != nil {
				o.conn.hold()
			}
			var once sync.Once
			return &Callback{Values: o.values, finish: func(p page) {
				once.Do(func() {
					o.verdict <- p
					<-o.done
				})
			}}, nil
		}
	}
}

// hasState reports whether one of the states is the right one: nobody else
// knows it than who was sent with it.
func hasState(all []string, want auth.Secret) (has bool) {
	for _, got := range all {
		has = sameState(got, want) || has
	}
	return has
}

// sameState compares in constant time, whatever the lengths.
func sameState(got string, want auth.Secret) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want.Reveal()))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
