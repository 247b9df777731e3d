package demo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// apiTimeout bounds one call of the demo's API.
const apiTimeout = 10 * time.Second

// Play signs in to both tools, calls the API, waits for a refresh and signs
// out, and prints each step after it has really happened. m runs with the demo's
// tools, and what it opens is given to [Demo.Person] instead of a browser.
func (d *Demo) Play(ctx context.Context, m *engine.Manager, out io.Writer) error {
	p := player{demo: d, manager: m, out: out}
	p.say("provider", d.Issuer+" (embedded, this machine only)")
	for _, step := range []func(context.Context) error{p.showRenewal, p.showEnd, p.signOut} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	p.say("done", "the demo's tokens are deleted")
	return nil
}

// player prints what it does.
type player struct {
	demo    *Demo
	manager *engine.Manager
	out     io.Writer
}

// say prints a step and what came of it.
func (p player) say(step, detail string) {
	_, _ = fmt.Fprintln(p.out, strings.TrimSpace(fmt.Sprintf("%-18s %s", step, detail)))
}

// showRenewal shows the tool whose session renews by itself.
func (p player) showRenewal(ctx context.Context) error {
	if err := p.signIn(ctx, Renews); err != nil {
		return err
	}
	first, err := p.call(ctx, Renews)
	if err != nil {
		return err
	}
	// The manager renews by its own timer; nothing here asks for it.
	if err := p.waitFor(ctx, Renews, func(s session.Snapshot) bool { return s.AccessUntil.After(first.Expiry) }); err != nil {
		return err
	}
	second, err := p.manager.Token(ctx, Renews, session.TokenOptions{})
	if err != nil {
		return err
	}
	if second.Access == first.Access || second.Refresh == first.Refresh {
		return &auth.Error{Kind: auth.KindFailed, What: "the refresh brought no new tokens"}
	}
	p.say("refreshed", "a new access token and a rotated refresh token, stored in "+p.store(ctx, Renews))
	_, err = p.call(ctx, Renews)
	return err
}

// showEnd shows the tool that gets no refresh token.
func (p player) showEnd(ctx context.Context) error {
	if err := p.signIn(ctx, Ends); err != nil {
		return err
	}
	if _, err := p.call(ctx, Ends); err != nil {
		return err
	}
	s, err := p.snapshot(ctx, Ends)
	if err != nil {
		return err
	}
	if s.Renewal == nil || s.Renewal.Mode != session.Manual {
		return &auth.Error{Kind: auth.KindFailed, What: "the provider gave a refresh token where it should not"}
	}
	p.say("no refresh token", s.Renewal.Reason)
	p.say("prompt due", "at "+s.EndsAt.Local().Format("15:04:05")+", with a reminder before: sign in again")
	return nil
}

// signOut deletes the demo's tokens.
func (p player) signOut(ctx context.Context) error {
	for _, t := range p.demo.Tools {
		_, err := p.manager.SignOut(ctx, t.ID, session.SignOutOptions{Local: true})
		if err != nil && auth.KindOf(err) != auth.KindKeychain {
			return err
		}
		p.say("signed out", t.Name)
	}
	return nil
}

// signIn signs in to a tool and prints the steps of the sign-in.
func (p player) signIn(ctx context.Context, tool string) error {
	return p.manager.SignIn(ctx, tool, session.SignInOptions{Progress: func(s session.Step) {
		switch s.Name {
		case session.StepBrowser, session.StepAddress:
			p.say("browser", "a scripted person reads the provider's sign-in page")
		case session.StepStored:
			p.say(s.Name, "in "+placeOf(s.Detail))
		default:
			p.say(s.Name, s.Detail)
		}
	}})
}

// call calls the provider's API with the tool's token.
func (p player) call(ctx context.Context, tool string) (auth.Tokens, error) {
	t, err := p.manager.Token(ctx, tool, session.TokenOptions{})
	if err != nil {
		return t, err
	}
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.demo.Issuer+"/api/hello", nil)
	if err != nil {
		return t, fmt.Errorf("calling the API: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+t.Access.Reveal())
	resp, err := (&http.Client{Transport: &http.Transport{}}).Do(req) // no proxy: it is on loopback
	if err != nil {
		return t, fmt.Errorf("calling the API: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	p.say("api", "called with the token: "+resp.Status)
	if resp.StatusCode != http.StatusOK {
		return t, &auth.Error{Kind: auth.KindFailed, What: "the API refused the token with " + resp.Status}
	}
	return t, nil
}

// snapshot is the state of a tool's session.
func (p player) snapshot(ctx context.Context, tool string) (session.Snapshot, error) {
	all, err := p.manager.Snapshots(ctx)
	for _, s := range all {
		if s.Tool == tool {
			return s, err
		}
	}
	return session.Snapshot{}, err
}

// store says in words where a tool's tokens are.
func (p player) store(ctx context.Context, tool string) string {
	s, err := p.snapshot(ctx, tool)
	if err != nil {
		return "unknown"
	}
	return placeOf(s.Store)
}

// waitFor waits until the tool's session is as ok says.
func (p player) waitFor(ctx context.Context, tool string, ok func(session.Snapshot) bool) error {
	ctx, cancel := context.WithTimeout(ctx, p.demo.renewsLife+20*time.Second)
	defer cancel()
	for all := range p.manager.Watch(ctx) {
		for _, s := range all {
			if s.Tool == tool && ok(s) {
				return nil
			}
		}
	}
	return &auth.Error{Kind: auth.KindFailed, What: "the session was not renewed in time"}
}

// placeOf says in words where tokens are stored.
func placeOf(store string) string {
	if store == session.StoreKeychain {
		return "the OS keychain"
	}
	return "memory (this machine has no keychain)"
}
