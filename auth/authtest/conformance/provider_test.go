package conformance_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"keyfob/auth/authtest"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// providerTests are about a provider's documents, and about what comes after a
// sign-in.
var providerTests = []test{
	// Discovery.
	{name: "oidcc-client-test-discovery-openid-config", wants: "accept", want: "accepted", prepare: func(r *rig) {
		r.metadata("token_endpoint", r.tool.Issuer+"/moved/token")
		r.move("/token", "/moved/token")
	}, run: func(r *rig) string {
		got := r.signIn()
		if r.faults.Seen(discoveryPath) != 1 || r.faults.Seen("/moved/token") != 1 || r.faults.Seen("/token") != 0 {
			r.Errorf(
				"%d requests for the metadata, %d where it leads, %d elsewhere",
				r.faults.Seen(discoveryPath),
				r.faults.Seen("/moved/token"),
				r.faults.Seen("/token"),
			)
		}
		return got
	}},
	{name: "oidcc-client-test-discovery-jwks-uri-keys", wants: "accept", want: "accepted", prepare: func(r *rig) {
		r.metadata("jwks_uri", r.tool.Issuer+"/jwks-7b1e")
		r.move("/jwks", "/jwks-7b1e")
	}, run: func(r *rig) string {
		got := r.signIn()
		if r.faults.Seen("/jwks-7b1e") != 1 || r.faults.Seen("/jwks") != 0 {
			r.Errorf("the keys were asked for %d times, and %d times elsewhere", r.faults.Seen("/jwks-7b1e"), r.faults.Seen("/jwks"))
		}
		return got
	}},
	{name: "oidcc-client-test-discovery-issuer-mismatch", wants: "reject", want: "rejected: setup issuer_mismatch", prepare: func(r *rig) {
		r.metadata("issuer", r.tool.Issuer+"/another")
	}, run: func(r *rig) string {
		got := r.signIn()
		if len(r.browser.Opened()) > 0 || r.faults.Seen("/jwks") > 0 {
			r.Error("the flow went on")
		}
		return got
	}},

	// Keys that change.
	{name: "oidcc-client-test-signing-key-rotation", wants: "accept", want: "accepted", prepare: idToken(nil), run: func(r *rig) string {
		if got := r.signIn(); got != "accepted" {
			return "the first " + got
		}
		r.keys(r.next)
		r.sign(r.next, nil)
		got := r.signIn()
		if n := r.faults.Seen("/jwks"); n != 2 {
			r.Errorf("the keys were asked for %d times", n)
		}
		return got
	}},
	{name: "oidcc-client-test-signing-key-rotation-just-before-signing", wants: "accept", want: "accepted", prepare: func(r *rig) {
		r.keys(r.rsa)
		r.faults.Set("/token", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			r.keys(r.next)
			authtest.RewriteIDToken(nil, r.next)(w, req, next)
		})
	}, run: func(r *rig) string {
		if err := r.client.Warm(r.Context(), r.tool); err != nil {
			r.Fatal(err)
		}
		got := r.signIn()
		if n := r.faults.Seen("/jwks"); n != 2 {
			r.Errorf("the keys were asked for %d times", n)
		}
		return got
	}},

	// Renewal.
	{name: "oidcc-client-test-refresh-token", wants: "accept", want: "accepted", run: refreshed(nil)},
	{
		name:  "oidcc-client-test-refresh-token-invalid-issuer",
		wants: "reject",
		want:  "rejected: protocol id_token_issuer",
		run:   refreshed(func(_, c map[string]any) { c["iss"] = c["iss"].(string) + "1" }),
	},
	{
		name:  "oidcc-client-test-refresh-token-invalid-sub",
		wants: "reject",
		want:  "rejected: protocol id_token_subject",
		run:   refreshed(func(_, c map[string]any) { c["sub"] = c["sub"].(string) + "1" }),
	},

	// Sign-out.
	{
		name:    "oidcc-client-test-rp-init-logout",
		wants:   "accept",
		want:    "signed out; the provider said so",
		prepare: comesBack,
		run:     signedOut(nil),
	},
	{
		name:    "oidcc-client-test-rp-init-logout-no-state",
		wants:   "accept",
		want:    "signed out; the page that came back counts for nothing",
		prepare: comesBack,
		run:     signedOut(func(q url.Values) { q.Del("state") }),
	},
	{
		name:    "oidcc-client-test-rp-init-logout-other-state",
		wants:   "accept",
		want:    "signed out; the page that came back counts for nothing",
		prepare: comesBack,
		run:     signedOut(func(q url.Values) { q.Set("state", "another") }),
	},
}

// refreshed signs in, and then renews with an ID token that was edited.
func refreshed(edit func(_, claims map[string]any)) func(*rig) string {
	return func(r *rig) string {
		r.keys(r.rsa)
		short := func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			authtest.RewriteJSON(
				func(m map[string]any) { m["expires_in"] = 60 },
			)(
				w,
				req,
				http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
					authtest.RewriteIDToken(nil, r.rsa)(w, req, next)
				}),
			)
		}
		r.faults.Set("/token", short)
		if got := r.signIn(); got != "accepted" {
			return "before that " + got
		}
		old, err := r.store.Load(r.Context(), "tool")
		if err != nil {
			r.Fatal(err)
		}
		r.sign(r.rsa, edit)
		fresh, err := r.m.Token(r.Context(), "tool", session.TokenOptions{MinValid: 2 * time.Minute})
		kept, e := r.store.Load(r.Context(), "tool")
		if e != nil || r.faults.Seen("/token") != 2 {
			r.Fatalf("%d token requests, stored: %v", r.faults.Seen("/token"), e)
		}
		if err == nil {
			if fresh.Access == old.Access || fresh.Access != kept.Access || kept.Refresh == old.Refresh || kept.RefreshUnproven ||
				r.hello(fresh) != http.StatusOK {
				r.Error("the renewed token is not the one that is stored, or does not work")
			}
			return "accepted"
		}
		// The new refresh token is kept, since the old one is void, and nothing
		// else of that answer. Who asks for less gets the old token while it lives.
		again, e := r.m.Token(r.Context(), "tool", session.TokenOptions{})
		if e != nil || fresh.Access != "" || again.Access != old.Access || kept.Access != old.Access || kept.ID != old.ID ||
			kept.Account != old.Account ||
			kept.Refresh == old.Refresh {
			r.Errorf("something of the answer was kept or handed out: %v; stored %+v", e, kept.Account)
		}
		s := r.snapshot()
		if s.Problem == nil || s.Renewal == nil || s.Renewal.Mode != session.Manual {
			r.Fatalf("the session is %+v", s)
		}
		return rejected(s.Problem)
	}
}

// comesBack registers an address for after the sign-out.
func comesBack(r *rig) { r.tool.PostLogout = "http://127.0.0.1/signed-out" }

// signedOut signs in and out, with what the browser brings back edited.
func signedOut(edit func(url.Values)) func(*rig) string {
	return func(r *rig) string {
		if got := r.signIn(); got != "accepted" {
			return "before that " + got
		}
		if edit != nil {
			r.faults.Set("/end_session", func(w http.ResponseWriter, req *http.Request, _ http.Handler) {
				q := url.Values{"state": {req.FormValue("state")}}
				edit(q)
				http.Redirect(w, req, req.FormValue("post_logout_redirect_uri")+"?"+q.Encode(), http.StatusSeeOther)
			})
		}
		ctx, cancel := context.WithCancel(r.Context())
		told := make(chan session.SignOutResult, 1)
		go func() {
			p, err := r.m.SignOut(ctx, "tool", session.SignOutOptions{Browser: true})
			if err != nil {
				r.Error(err)
			}
			told <- p
		}()
		for len(r.browser.Opened()) < 2 {
			time.Sleep(5 * time.Millisecond)
		}
		page := r.browser.Wait()
		if page != nil {
			cancel() // nothing more is going to come
		}
		p := <-told
		cancel()
		if _, err := r.store.Load(r.Context(), "tool"); !errors.Is(err, keychain.ErrNotFound) || r.faults.Seen("/revoke") != 1 ||
			r.snapshot().State != session.SignedOut {
			r.Errorf("still signed in: %v", err)
		}
		switch {
		case page == nil && !p.Incomplete:
			return "signed out; the provider said so"
		case page != nil && p.Incomplete:
			return "signed out; the page that came back counts for nothing"
		}
		return p.Line()
	}
}
