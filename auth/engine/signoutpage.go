package engine

import (
	"context"
	"crypto/rand"
	"net/url"
	"time"

	"keyfob/auth"
	"keyfob/auth/loopback"
	"keyfob/auth/session"
)

// doubtWithin is how long a sign-out waits for a second visitor to its address
// where nobody can tell whose the first one was.
const doubtWithin = 2 * time.Second

// openPage opens the provider's sign-out page. The address holds the ID token,
// so the browser is not started with it but sent there. It reports whether it
// was.
func (s providerSignOut) openPage(ctx context.Context, r *session.SignOutResult) bool {
	back, stateless := "", s.tool.Has(auth.QuirkLogoutURI)
	listener := s.listenForReturn(ctx, r)
	if listener != nil {
		defer listener.Close()
		back = listener.RedirectURI()
	}
	address, ok, err := s.client.EndSessionURL(ctx, s.tool, s.tokens.ID, back)
	if err == nil && !ok {
		addRemaining(r, "the provider has no sign-out page that can be opened, so the browser stays signed in there")
		return false
	}
	var state auth.Secret
	if err == nil && back != "" && !stateless {
		state = auth.Secret(rand.Text())
		address, err = withState(address, state)
	}
	if err == nil {
		err = s.sendBrowser(ctx, listener, auth.Secret(address))
	}
	if err != nil {
		addRemaining(r, "the browser stays signed in at the provider: "+auth.AsError(err).What)
		return false
	}
	if listener == nil {
		addWords(r, "the provider's sign-out page is in the browser")
		return true
	}
	within, cancel := context.WithTimeout(ctx, s.w.cfg.SignOutPageTimeout)
	defer cancel()
	callback, err := listener.Wait(within, state)
	if err != nil {
		addRemaining(r, "the provider's sign-out page is in the browser, and has not said that it is done")
		return true
	}
	callback.SignedOut()
	if stateless {
		addWords(r, "the browser is back from the provider's sign-out page")
		return true
	}
	addWords(r, "the provider ended its session in the browser")
	return true
}

// listenForReturn returns the listener to which the provider sends the browser
// back, or nil where it cannot.
func (s providerSignOut) listenForReturn(ctx context.Context, r *session.SignOutResult) *loopback.Listener {
	if s.tool.PostLogout == "" {
		return nil
	}
	l, err := loopback.Listen(ctx, loopback.Options{
		Redirect: s.tool.PostLogout, Ports: returnPorts(s.tool), Stateless: s.tool.Has(auth.QuirkLogoutURI), Who: s.w.cfg.Who,
	})
	if err != nil {
		addWords(r, "the browser cannot come back from the provider's sign-out page ("+auth.AsError(err).What+")")
		return nil
	}
	return l
}

// sendBrowser starts the browser and sends it to address, from l or, where that
// is nil, from a listener for this alone.
func (s providerSignOut) sendBrowser(ctx context.Context, l *loopback.Listener, address auth.Secret) error {
	within, cancel := context.WithTimeout(ctx, revokeWithin)
	defer cancel()
	if l == nil {
		own, err := loopback.Listen(within, loopback.Options{Redirect: "http://127.0.0.1/", Who: s.w.cfg.Who})
		if err != nil {
			return err
		}
		defer own.Close()
		l = own
	}
	h := l.Hand(address)
	open := s.options.Open
	if open == nil {
		open = s.w.cfg.OpenBrowser
	}
	if err := open(within, h.URL()); err != nil {
		return err
	}
	failed := &auth.Error{Kind: auth.KindFailed, Code: auth.CodeBrowser, Do: "sign out at the provider yourself", Who: auth.WhoYou}
	select {
	case <-h.Taken():
	case <-within.Done():
		failed.What, failed.Err = "no browser came for the sign-out page", within.Err()
		return failed
	}
	if h.Sure() {
		return nil
	}
	// Whoever can read command lines may have been faster than the browser, which
	// then comes second.
	timer := time.NewTimer(doubtWithin)
	defer timer.Stop()
	select {
	case <-h.Doubted():
		failed.What = "another program took the address of the sign-out page"
		return failed
	case <-timer.C:
	case <-within.Done():
	}
	return nil
}

// returnPorts are the ports of the post-logout address, unless it names its own.
func returnPorts(tool auth.Tool) []int {
	if u, err := url.Parse(tool.PostLogout); err != nil || u.Port() != "" {
		return nil
	}
	return tool.Ports
}

// withState adds the state that the provider echoes, RP-Initiated Logout 1.0
// section 2.
func withState(address string, state auth.Secret) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", &auth.Error{
			Kind: auth.KindProtocol,
			Code: auth.CodeBadURL,
			What: "the provider's sign-out address is not a URL",
			Who:  auth.WhoAdmin,
			Err:  err,
		}
	}
	q := u.Query()
	q.Set("state", state.Reveal())
	u.RawQuery = q.Encode()
	return u.String(), nil
}
