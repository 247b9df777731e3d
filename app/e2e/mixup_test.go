//go:build linux

package e2e_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keyfob/auth/authtest"
	"keyfob/auth/authtest/django"
)

// TestAHostileProvider signs in at a provider that sends the browser on to
// another, real one, which knows Keyfob and does not name itself in its answers.
// What that one issues must not come to the hostile one (RFC 9700 section 4.4).
func TestAHostileProvider(t *testing.T) {
	honest := django.Start(t, django.Config{})
	for _, tt := range []struct {
		name, redirect string // of both tools, or the preset's
		rewrites       bool   // the hostile provider names the honest one's redirect URI
		stolen         int    // codes that it was brought
	}{
		{name: "each its own redirect URI"},
		{name: "with the honest one's redirect URI", rewrites: true},
		// What the warnings are about.
		{name: "one redirect URI for both", redirect: "redirect = \"http://127.0.0.1/callback\"\n", stolen: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHeadless(t, "ann")
			// Its answers need not name it either, then.
			h.provider.faults.Set("/.well-known/openid-configuration", authtest.RewriteJSON(func(m map[string]any) {
				delete(m, "authorization_response_iss_parameter_supported")
			}))
			h.provider.faults.Set("/authorize", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
				q := r.URL.Query()
				q.Set("client_id", django.Native)
				q.Set("scope", "openid")
				if tt.rewrites {
					back, err := url.Parse(q.Get("redirect_uri"))
					if err != nil {
						t.Error(err)
						return
					}
					back.Path = "/callback"
					q.Set("redirect_uri", back.String())
				}
				http.Redirect(w, r, honest.Issuer+"/authorize/?"+q.Encode(), http.StatusSeeOther)
			})
			h.settings(
				fmt.Sprintf("[tools.hostile]\nissuer = %q\nclient_id = \"renews\"\n%s[tools.honest]\nissuer = %q\nclient_id = %q\n%s",
					h.provider.issuer, tt.redirect, honest.Issuer, django.Native, tt.redirect),
			)
			login := h.run(h.bus, "login", "hostile", "--no-browser")
			h.Wait("the address", func() bool { return address(login) != "" })
			page, err := django.Person().Open(t.Context(), address(login))
			if n := h.provider.faults.Seen("/token"); n != tt.stolen {
				t.Errorf("%d codes came to the hostile provider; the person ended with %v on\n%s", n, err, page)
			}
			login.Kill()

			said := h.keyfob("status")
			if warned := strings.Contains(said.out, "the same redirect URI as honest"); warned != (tt.redirect != "") {
				t.Errorf("status says\n%s", said.out)
			}
			said = h.keyfob("check", "honest")
			if warned := strings.Contains(said.out, "it is shared with hostile"); warned != (tt.redirect != "") {
				t.Errorf("check says\n%s%s", said.out, said.err)
			}
		})
	}
}
