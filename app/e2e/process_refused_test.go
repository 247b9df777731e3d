//go:build linux

package e2e_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"

	"keyfob/auth/authtest"
)

// TestWhatWasRefusedIsHandedToNobody has the provider answer a refresh with the
// ID token of another sign-in: commands and engines say so, however often they
// are asked and whoever starts anew, and print nothing. An honest answer brings
// the token.
func TestWhatWasRefusedIsHandedToNobody(t *testing.T) {
	h := newHeadless(t, "ann")
	mine := authtest.NewSigner("ES256", "mine")
	h.provider.faults.Set("/jwks", authtest.Keys(mine))
	for name, edit := range map[string]func(_, claims map[string]any){
		"nonce":     func(_, c map[string]any) { c["nonce"] = "another" },
		"auth_time": func(_, c map[string]any) { c["auth_time"] = 1 },
		"sub":       func(_, c map[string]any) { c["sub"] = "another" },
		"azp":       func(_, c map[string]any) { c["azp"] = "another" },
	} {
		h.provider.faults.Set("/token", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			authtest.RewriteIDToken(nil, mine)(w, r, next)
		})
		h.endEngines()
		h.storeExpired()
		h.provider.faults.Set("/token", authtest.RewriteIDToken(edit, mine))
		refused := func(who string) {
			t.Helper()
			for range 2 {
				if got := h.token(); got.code != 3 || got.out != "" ||
					!strings.Contains(got.err, "Keyfob did not accept the provider's answer") {
					t.Errorf("%s, %s: it ended with %d and %d bytes: %s", name, who, got.code, len(got.out), got.err)
				}
			}
			if got := h.keyfob("status", plant4); !strings.Contains(got.out, "Keyfob did not accept the provider's answer") ||
				strings.Contains(got.out, "renews by itself") {
				t.Errorf("%s, %s: status says %q", name, who, got.out)
			}
		}
		for range 2 {
			refused("commands")
			h.endEngines()
		}
		for range 2 {
			engine := h.startEngine()
			refused("an engine")
			if err := engine.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			h.Exit(engine.Process)
		}
		h.provider.faults.Set("/token", authtest.RewriteIDToken(nil, mine))
		if got := h.token(); got.code != 0 || got.out == "" {
			t.Errorf("%s: after an honest answer it ended with %d: %s", name, got.code, got.err)
		}
		if got := h.keyfob("status", plant4); !strings.Contains(got.out, "renews by itself") {
			t.Errorf("%s: afterwards status says %q", name, got.out)
		}
	}
}

// TestWhyIsToldByTheNextEngine has the provider refuse a refresh for a reason
// that it names: the command says it, and so does status, which asks nobody, of
// that engine and of the next one.
func TestWhyIsToldByTheNextEngine(t *testing.T) {
	h := newHeadless(t, "ann")
	h.storeExpired()
	h.provider.faults.Set(
		"/token",
		authtest.Answer(
			401,
			`{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys are expired."}`,
		),
	)
	got := h.token()
	if got.code != 3 || got.out != "" || !strings.Contains(got.err, "the client's secret has expired") ||
		!strings.Contains(got.err, "AADSTS7000222") ||
		strings.Contains(got.err, "refused to renew") {
		t.Errorf("it ended with %d: %s", got.code, got.err)
	}
	for _, who := range []string{"that engine", "the next one"} {
		if got := h.keyfob("status", plant4); !strings.Contains(got.out, "the client's secret has expired") ||
			strings.Contains(got.out, "renews by itself") {
			t.Errorf("status of %s says %q", who, got.out)
		}
		h.endEngines()
	}
}
