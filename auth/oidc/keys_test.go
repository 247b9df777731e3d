package oidc_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

func TestAlgorithmOutsideMetadataIsRefused(t *testing.T) {
	r := newRig(t) // its metadata says ES256
	rs := authtest.NewSigner("RS256", "rs")
	r.faults.Set("/jwks", authtest.Keys(rs))
	r.faults.Set("/token", authtest.RewriteIDToken(nil, rs))
	_, err := r.exchange()
	wantError(t, err, auth.KindProtocol, "id_token_algorithm")
}

func TestKeyRotation(t *testing.T) {
	r := newRig(t)
	first, second := authtest.NewSigner("ES256", "first"), authtest.NewSigner("ES256", "second")
	r.faults.Set("/jwks", authtest.Keys(first))
	r.faults.Set("/token", authtest.RewriteIDToken(nil, first))
	r.signIn()
	// Just before the next token is signed.
	r.faults.Set("/jwks", authtest.Keys(second))
	r.faults.Set("/token", authtest.RewriteIDToken(nil, second))
	r.signIn()
	if got := r.faults.Seen("/jwks"); got != 2 {
		t.Errorf("the keys were fetched %d times, want 2", got)
	}
	// A key that is gone signs nothing any more.
	r.faults.Set("/token", authtest.RewriteIDToken(nil, first))
	_, err := r.exchange()
	wantError(t, err, auth.KindProtocol, "id_token_signature")
	if got := r.faults.Seen("/jwks"); got != 2 {
		t.Errorf("the keys were fetched %d times, want 2", got)
	}
	// The same name for another key.
	r.clock.advance(time.Minute)
	again := authtest.NewSigner("ES256", "second")
	r.faults.Set("/jwks", authtest.Keys(again))
	r.faults.Set("/token", authtest.RewriteIDToken(nil, again))
	r.signIn()
	// No name at all, and a single key.
	r.clock.advance(time.Minute)
	nameless := authtest.NewSigner("ES256", "")
	r.faults.Set("/jwks", authtest.Keys(nameless))
	r.faults.Set("/token", authtest.RewriteIDToken(nil, nameless))
	r.signIn()
	if got := r.faults.Seen("/jwks"); got != 4 {
		t.Errorf("the keys were fetched %d times, want 4", got)
	}
}

func TestUnknownKeysAreAskedForOnceAMinute(t *testing.T) {
	r := newRig(t)
	old := r.signIn()
	mine := authtest.NewSigner("ES256", "mine")
	for minute := range 3 {
		for i := range 334 {
			fresh := old
			fresh.Unverified = true
			fresh.ID = auth.Secret(mine.Sign(
				map[string]any{"alg": "ES256", "kid": fmt.Sprint(minute, i)}, map[string]any{"iss": r.tool.Issuer},
			))
			_, err := r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh)
			wantError(t, err, auth.KindProtocol, "id_token_signature")
		}
		if got, want := r.faults.Seen("/jwks"), 2+minute; got != want {
			t.Errorf("after %d minutes the keys were fetched %d times, want %d", minute, got, want)
		}
		r.clock.advance(time.Minute)
	}
}

func TestOutageOfTheKeysProvesNothing(t *testing.T) {
	r := newRig(t)
	old := r.signIn()
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/token", authtest.RewriteIDToken(nil, mine))
	fresh, err := r.client.Refresh(t.Context(), r.tool, old)
	if err != nil {
		t.Fatal(err)
	}
	r.faults.Set("/jwks", authtest.Answer(503, ""))
	_, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh)
	wantError(t, err, auth.KindTransient, "http_503")
	r.faults.Set("/jwks", authtest.Keys(mine))
	if _, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh); err != nil {
		t.Errorf("after the outage: %v", err)
	}
}

func TestKeysJustFetchedAreNotFetchedAgain(t *testing.T) {
	r := newRig(t)
	r.faults.Set("/token", authtest.RewriteIDToken(nil, authtest.NewSigner("ES256", "mine")))
	_, err := r.exchange()
	wantError(t, err, auth.KindProtocol, "id_token_signature")
	if got := r.faults.Seen("/jwks"); got != 1 {
		t.Errorf("the keys were fetched %d times, want 1", got)
	}
}

func TestRotatedKeyServesAllWhoWaitForIt(t *testing.T) {
	r := newRig(t)
	first, second := authtest.NewSigner("ES256", "first"), authtest.NewSigner("ES256", "second")
	r.faults.Set("/jwks", authtest.Keys(first))
	r.faults.Set("/token", authtest.RewriteIDToken(nil, first))
	old := r.signIn()
	r.faults.Set("/token", authtest.RewriteIDToken(nil, second))
	fresh, err := r.client.Refresh(t.Context(), r.tool, old)
	if err != nil {
		t.Fatal(err)
	}
	const callers = 10
	started := make(chan struct{}, callers)
	r.faults.Set("/jwks", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		for range callers {
			<-started
		}
		authtest.Keys(second)(w, req, next)
	})
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			started <- struct{}{}
			if _, err := r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := r.faults.Seen("/jwks"); got != 2 {
		t.Errorf("the keys were fetched %d times, want 2", got)
	}
}

func TestKeysAreKeptForADay(t *testing.T) {
	r := newRig(t)
	r.signIn()
	r.clock.advance(24*time.Hour - time.Second)
	r.signIn()
	if got := r.faults.Seen("/jwks"); got != 1 {
		t.Errorf("the keys were fetched %d times, want 1", got)
	}
	r.clock.advance(time.Second)
	r.signIn()
	if got := r.faults.Seen("/jwks"); got != 2 {
		t.Errorf("the keys were fetched %d times, want 2", got)
	}
}

func TestKeySetBadAnswers(t *testing.T) {
	for name, tc := range badDocuments {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.faults.Set("/jwks", tc.fault)
			_, err := r.exchange()
			wantError(t, err, tc.kind, tc.code)
			r.faults.Clear("/jwks")
			r.signIn()
		})
	}
}

func TestUnusableKeysAreLeftOut(t *testing.T) {
	r := newRig(t)
	good := authtest.NewSigner("ES256", "good")
	jwk := func(change func(map[string]any)) string {
		b, err := json.Marshal(good.JWK())
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		change(m)
		if b, err = json.Marshal(m); err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	r.faults.Set("/token", authtest.RewriteIDToken(func(h, _ map[string]any) { delete(h, "kid") }, good))
	for name, tc := range map[string]struct {
		keys string
		code string
	}{
		"beside unusable ones": {strings.Join([]string{
			jwk(func(map[string]any) {}),
			jwk(func(m map[string]any) { m["use"] = "enc" }),
			jwk(func(m map[string]any) { m["kty"] = "Klingon" }),
			jwk(func(m map[string]any) { m["x"] = "!" }),
			jwk(func(m map[string]any) { m["d"] = m["x"] }),
			`{"kty":"oct","k":"AAAA"}`, `{}`, `7`,
		}, ","), ""},
		"for another algorithm": {jwk(func(m map[string]any) { m["alg"] = "ES384" }), "id_token_signature"},
		"none":                  {"", "no_keys"},
		"only a shared one":     {`{"kty":"oct","k":"AAAA"}`, "no_keys"},
	} {
		t.Run(name, func(t *testing.T) {
			r.client = r.newClient()
			r.faults.Set("/jwks", authtest.Answer(200, `{"keys":[`+tc.keys+`]}`, "Content-Type", "application/json"))
			_, err := r.exchange()
			if tc.code != "" {
				wantError(t, err, auth.KindProtocol, tc.code)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}
