package engine

import (
	"context"
	"crypto/rand"
	"net/url"
	"time"

	"keyfob/auth"
	"keyfob/auth/loopback"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// backTimeout is how long the provider's sign-out page has to send the browser
// back: a person may be asked whether they mean it.
const backTimeout = 25 * time.Second

// settles is how long a sign-out waits for a second visitor to its address
// where nobody can tell whose the first one was.
const settles = 2 * time.Second

// leave opens the provider's sign-out page. The address holds the ID token, so
// the browser is not started with it but sent there. It reports whether it was.
func (m *Manager) leave(ctx context.Context, client *oidc.Client, tool auth.Tool, t auth.Tokens, p *session.SignOutResult) bool {
	back, stateless := "", tool.Has(auth.QuirkLogoutURI)
	var listener *loopback.Listener
	if tool.PostLogout != "" {
		l, err := loopback.Listen(
			ctx,
			loopback.Options{Redirect: tool.PostLogout, Ports: portsFor(tool), Stateless: stateless, Who: m.cfg.Who},
		)
		if err != nil {
			say(p, "the browser cannot come back from the provider's sign-out page ("+auth.AsError(err).What+")")
		} else {
			defer l.Close()
			listener, back = l, l.RedirectURI()
		}
	}
	address, ok, err := client.EndSessionURL(ctx, tool, t.ID, back)
	if err == nil && !ok {
		left(p, "the provider has no sign-out page that can be opened, so the browser stays signed in there")
		return false
	}
	var state auth.Secret
	if err == nil && back != "" && !stateless {
		state = auth.Secret(rand.Text())
		address, err = withState(address, state)
	}
	if err == nil {
		err = m.send(ctx, listener, auth.Secret(address))
	}
	if err != nil {
		left(p, "the browser stays signed in at the provider: "+auth.AsError(err).What)
		return false
	}
	if listener == nil {
		say(p, "the provider's sign-out page is in the browser")
		return true
	}
	within, cancel := context.WithTimeout(ctx, m.cfg.SignOutPageTimeout)
	defer cancel()
	callback, err := listener.Wait(within, state)
	if err != nil {
		left(p, "the provider's sign-out page is in the browser, and has not said that it is done")
		return true
	}
	callback.SignedOut()
	if stateless {
		say(p, "the browser is back from the provider's sign-out page")
		return true
	}
	say(p, "the provider ended its session in the browser")
	return true
}

// send starts the browser and sends it to address, from l or, where that is
// nil, from a listener for this alone.
func (m *Manager) send(ctx context.Context, l *loopback.Listener, address auth.Secret) error {
	within, cancel := context.WithTimeout(ctx, tellWithin)
	defer cancel()
	if l == nil {
		own, err := loopback.Listen(within, loopback.Options{Redirect: "http://127.0.0.1/", Who: m.cfg.Who})
		if err != nil {
			return err
		}
		defer own.Close()
		l = own
	}
	h := l.Hand(address)
	if err := m.cfg.OpenBrowser(within, h.URL()); err != nil {
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
	settled := time.NewTimer(settles)
	defer settled.Stop()
	select {
	case <-h.Doubted():
		failed.What = "another program took the address of the sign-out page"
		return failed
	case <-settled.C:
	case <-within.Done():
	}
	return nil
}

// portsFor are the ports of the post-logout address, unless it names its own.
func portsFor(tool auth.Tool) []int {
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
