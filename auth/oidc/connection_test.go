package oidc_test

import (
	"context"
	"net/http/httptrace"
	"testing"
	"time"
)

// TestWhatIsSentOnceTakesANewConnection makes sure that neither a code nor a
// refresh token goes out on a connection that may be dead, such as the one that
// the request before it left behind.
func TestWhatIsSentOnceTakesANewConnection(t *testing.T) {
	r := newRig(t)
	var reused []bool // of each request since watch
	watch := func() context.Context {
		reused = nil
		return httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			GotConn: func(info httptrace.GotConnInfo) { reused = append(reused, info.Reused) },
		})
	}
	fresh := func(what string, err error) {
		t.Helper()
		if err != nil || len(reused) == 0 || reused[0] {
			t.Errorf("%s: %v, on connections that were used before: %v", what, err, reused)
		}
	}
	req := r.begin() // fetches the metadata
	code := r.code(req)
	old, err := r.client.Exchange(watch(), req, code)
	fresh("the code", err)
	for range 2 {
		r.clock.advance(50 * time.Minute)
		next, err := r.client.Refresh(watch(), r.tool, old)
		fresh("the refresh token", err)
		if old, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, next); err != nil {
			t.Fatal(err)
		}
	}
	fresh("the revocation", r.client.Revoke(watch(), r.tool, old))
}
