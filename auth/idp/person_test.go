package idp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"keyfob/auth/idp"
)

func TestPersonSignsIn(t *testing.T) {
	b := newBench(t)
	var got url.Values
	callback := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.URL.Query() }))
	defer callback.Close()
	open := func(p idp.Person, client string) error {
		got = nil
		return p.SignIn(
			t.Context(),
			b.issuer+"/authorize?"+b.request(client, url.Values{"redirect_uri": {callback.URL + "/callback"}}).Encode(),
		)
	}
	if err := open(idp.Person{Username: "ada", Password: "lovelace"}, "plain"); err != nil || got.Get("code") == "" {
		t.Errorf("signing in: %v, callback %v", err, got)
	}
	if err := open(idp.Person{Cancel: true}, "plain"); err != nil || got.Get("error") != "access_denied" {
		t.Errorf("cancelling: %v, callback %v", err, got)
	}
	if err := open(idp.Person{Username: "ada", Password: "wrong"}, "plain"); err == nil || got != nil {
		t.Errorf("a wrong password: %v, callback %v", err, got)
	}
	if err := open(idp.Person{Username: "ada", Password: "lovelace"}, "nobody"); err == nil || got != nil {
		t.Errorf("an unknown client: %v, callback %v", err, got)
	}
	if err := (idp.Person{}).SignIn(t.Context(), "https://idp.example.com/"); err == nil {
		t.Error("the person leaves loopback")
	}
}
