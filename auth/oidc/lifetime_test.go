package oidc_test

import (
	"testing"
	"time"

	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

func TestLifetimes(t *testing.T) {
	r := newRig(t)
	day := 24 * time.Hour
	for name, tc := range map[string]struct {
		says any
		want time.Duration
	}{
		"number":           {3600, time.Hour},
		"string":           {"3600", time.Hour},
		"fraction":         {3600.5, time.Hour + time.Second/2},
		"fraction, string": {" 90.5 ", 90*time.Second + time.Second/2},
		"exponent":         {"1e3", 1000 * time.Second},
		"missing":          {nil, oidc.DefaultLifetime},
		"zero":             {0, oidc.DefaultLifetime},
		"nearly zero":      {1e-300, oidc.DefaultLifetime},
		"negative":         {-1, oidc.DefaultLifetime},
		"absurd":           {1e30, oidc.DefaultLifetime},
		"overflow":         {9.3e9, oidc.DefaultLifetime},
		"absurd, string":   {"99999999999999999999999", oidc.DefaultLifetime},
		"a year":           {365 * 86400, 30 * day},
		"words":            {"soon", oidc.DefaultLifetime},
		"empty":            {"", oidc.DefaultLifetime},
		"infinity":         {"Infinity", oidc.DefaultLifetime},
		"not a number":     {"NaN", oidc.DefaultLifetime},
		"hexadecimal":      {"0x10", oidc.DefaultLifetime},
		"truth":            {true, oidc.DefaultLifetime},
		"list":             {[]int{3600}, oidc.DefaultLifetime},
	} {
		t.Run(name, func(t *testing.T) {
			r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) {
				m["expires_in"] = tc.says
				if tc.says == nil {
					delete(m, "expires_in")
				}
			}))
			if got := r.signIn().Expiry.Sub(r.clock.now()); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestRefreshLifetimes(t *testing.T) {
	r := newRig(t)
	for name, tc := range map[string]struct {
		field string
		says  any
		want  time.Duration // 0 is not known
	}{
		"Keycloak":          {"refresh_expires_in", 1800, 30 * time.Minute},
		"Keycloak, offline": {"refresh_expires_in", 0, 0},
		"B2C":               {"refresh_token_expires_in", "1209600", 14 * 24 * time.Hour},
		"absurd":            {"refresh_expires_in", 1e30, 0},
		"eleven years":      {"refresh_expires_in", 3.5e8, 0},
		"negative":          {"refresh_expires_in", -5, 0},
		"missing":           {"other", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) { m[tc.field] = tc.says }))
			got := r.signIn().RefreshExpiry
			if tc.want == 0 && !got.IsZero() || tc.want != 0 && got.Sub(r.clock.now()) != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestTokenTypeIgnoresCase(t *testing.T) {
	r := newRig(t)
	for _, kind := range []string{"bearer", "BEARER", "Bearer"} {
		r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) { m["token_type"] = kind }))
		if got := r.signIn().Type; got != "Bearer" {
			t.Errorf("%s becomes %s", kind, got)
		}
	}
}
