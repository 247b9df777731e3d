package oidc_test

import (
	"net/http"
	"testing"
	"time"
)

// TestARefreshTakesANewConnection makes sure that no refresh goes out on a
// connection that may be dead, while a sign-in keeps the one it warmed up.
func TestARefreshTakesANewConnection(t *testing.T) {
	r := newRig(t)
	var from []string // the client's end of each token request
	r.faults.Set("/token", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		from = append(from, req.RemoteAddr)
		next.ServeHTTP(w, req)
	})
	var warm string
	r.faults.Set("/jwks", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		warm = req.RemoteAddr
		next.ServeHTTP(w, req)
	})
	old := r.signIn()
	for range 2 {
		r.clock.advance(50 * time.Minute)
		fresh, err := r.client.Refresh(t.Context(), r.tool, old)
		if err != nil {
			t.Fatal(err)
		}
		if old, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh); err != nil {
			t.Fatal(err)
		}
	}
	if len(from) != 3 || from[0] == from[1] || from[1] == from[2] {
		t.Errorf("the token requests came from %q", from)
	}
	if warm != from[0] {
		t.Errorf("the sign-in fetched the keys from %q and redeemed its code from %q", warm, from[0])
	}
}
