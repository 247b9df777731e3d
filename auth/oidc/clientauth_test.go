package oidc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
)

// seen is where the client's name and secret stood in a token request.
type seen struct{ header, form, query bool }

// watch notes how each token request authenticated, and lets a provider that
// knows header and form alone understand the third way too.
func (r *rig) watch(all *[]seen) {
	r.faults.Set("/token", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			r.Error(err)
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			r.Error(err)
		}
		_, _, header := req.BasicAuth()
		q := req.URL.Query()
		*all = append(*all, seen{header, form.Has("client_secret"), q.Has("client_secret")})
		if q.Has("client_secret") {
			form.Set("client_id", q.Get("client_id"))
			form.Set("client_secret", q.Get("client_secret"))
			req.URL.RawQuery = ""
		}
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(form.Encode())), int64(len(form.Encode()))
		next.ServeHTTP(w, req)
	})
}

// TestSecretIsSentOnceAndInOnePlace: a sign-in and a refresh are one request
// each, also when the secret is wrong. Left to itself, x/oauth2 tries a second
// way after a failure.
func TestSecretIsSentOnceAndInOnePlace(t *testing.T) {
	for how, want := range map[auth.ClientAuth]seen{
		auth.ClientAuthForm:   {form: true},
		auth.ClientAuthHeader: {header: true},
		auth.ClientAuthQuery:  {query: true},
	} {
		t.Run(string(how), func(t *testing.T) {
			r := newRig(t)
			r.tool.ClientID, r.tool.ClientAuth = "secret", how
			var all []seen
			r.watch(&all)
			r.client.Secret = constant("wrong")
			_, err := r.exchange()
			wantError(t, err, auth.KindSetup, "invalid_client", "wrong")
			r.client.Secret = constant(clientSecret)
			tokens := r.signIn()
			if _, err := r.client.Refresh(t.Context(), r.tool, tokens); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(all) != fmt.Sprint([]seen{want, want, want}) {
				t.Errorf("%+v, want %+v three times", all, want)
			}
		})
	}
}

// TestSecretInTheAddressIsInNoError: whatever breaks, no error and nothing that
// it wraps holds the address that the secret went out in.
func TestSecretInTheAddressIsInNoError(t *testing.T) {
	r := newRig(t)
	r.tool.ClientID, r.tool.ClientAuth = "secret", auth.ClientAuthQuery
	r.client.Secret = constant("canary secret/+")
	for name, fault := range map[string]func(w http.ResponseWriter, req *http.Request, next http.Handler){
		"connection cut": func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) },
		"redirect": func(w http.ResponseWriter, req *http.Request, _ http.Handler) {
			http.Redirect(w, req, req.URL.String(), http.StatusTemporaryRedirect)
		},
		"echo": func(w http.ResponseWriter, req *http.Request, _ http.Handler) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"error":"invalid_request","error_description":%q}`, "bad "+req.URL.String())
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := r.begin()
			code := r.code(req)
			r.faults.Set("/token", fault)
			defer r.faults.Clear("/token")
			_, err := r.client.Exchange(t.Context(), req, code)
			if err == nil {
				t.Fatal("no error")
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				if text := fmt.Sprintf("%v %+v %#v", e, e, e) + auth.AsError(e).Note(); strings.Contains(text, "canary") {
					t.Errorf("%T shows the secret", e)
				}
			}
		})
	}
}

func service(r *rig, ttl time.Duration) {
	p, err := idp.New(idp.Config{Now: r.clock.now, Clients: []idp.Client{
		{ID: "robot", Secret: clientSecret, AccessTTL: ttl, Refresh: true}, {ID: "person"},
	}})
	if err != nil {
		r.Fatal(err)
	}
	r.p = p
	r.serve(p)
	r.tool.ClientID, r.tool.Grant, r.tool.ClientAuth, r.tool.Scopes = "robot", auth.GrantService, auth.ClientAuthHeader, []string{"api"}
	r.client.Secret = constant(clientSecret)
}

func TestServiceTokens(t *testing.T) {
	r := newRig(t)
	service(r, 10*time.Minute)
	for _, how := range []auth.ClientAuth{auth.ClientAuthHeader, auth.ClientAuthForm, auth.ClientAuthQuery} {
		r.tool.ClientAuth = how
		var all []seen
		r.watch(&all)
		got, err := r.client.ServiceTokens(t.Context(), r.tool)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 1 || got.Refresh != "" || got.ID != "" || got.Set == "" || got.Type != "Bearer" || got.Unverified ||
			!got.Expiry.Equal(
				r.clock.now().Add(10*time.Minute),
			) || got.Account != (auth.Account{Issuer: r.tool.Issuer, Subject: "robot"}) || len(got.Scopes) != 1 {
			t.Errorf("%s: %+v after %d requests", how, got, len(all))
		}
		if status := r.hello(got); status != http.StatusOK {
			t.Errorf("%s: the resource answers %d", how, status)
		}
	}
	if r.faults.Seen("/authorize") > 0 {
		t.Error("a person was asked for")
	}
}

// TestServiceTokensRequest holds what goes out, and that a token endpoint in
// the settings is enough.
func TestServiceTokensRequest(t *testing.T) {
	r := newRig(t)
	service(r, time.Hour)
	var form url.Values
	r.faults.Set("/token", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		if err := req.ParseForm(); err != nil {
			t.Error(err)
		}
		form = req.PostForm
		next.ServeHTTP(w, req)
	})
	r.tool.Endpoints.Token, r.tool.Issuer = r.tool.Issuer+"/token", ""
	r.tool.Audience, r.tool.Params, r.tool.Scopes = "https://api.example.com", map[string]string{"resource": "x"}, []string{"a", "b"}
	if _, err := r.client.ServiceTokens(t.Context(), r.tool); err != nil {
		t.Fatal(err)
	}
	if r.faults.Seen(discoveryPath) > 0 {
		t.Error("metadata was asked for")
	}
	if want := "audience=https%3A%2F%2Fapi.example.com&grant_type=client_credentials&resource=x&scope=a+b"; form.Encode() != want {
		t.Errorf("sent %q, want %q", form.Encode(), want)
	}
	r.tool.Endpoints.Token = "http://idp.example.com/token"
	_, err := r.client.ServiceTokens(t.Context(), r.tool)
	wantError(t, err, auth.KindSetup, "bad_url")
}

// TestServiceTokensParams keeps settings from setting what a request sets itself,
// in whatever case.
func TestServiceTokensParams(t *testing.T) {
	r := newRig(t)
	service(r, time.Hour)
	for _, name := range []string{
		"grant_type", "client_id", "client_secret", "client_assertion", "client_assertion_type", "scope", "audience", "Audience", "SCOPE",
		"refresh_token", "code", "username", "password", "redirect_uri",
	} {
		r.tool.Params = map[string]string{name: "x"}
		_, err := r.client.ServiceTokens(t.Context(), r.tool)
		wantError(t, err, auth.KindSetup, "bad_params")
	}
	if n := r.faults.Seen("/token"); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestServiceTokensRefused(t *testing.T) {
	r := newRig(t)
	service(r, time.Hour)
	answer := func(status int, body string) {
		r.faults.Set("/token", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		})
	}
	for _, test := range []struct {
		name   string
		before func()
		kind   auth.Kind
		code   string
	}{
		{"no secret", func() { r.client.Secret = nil }, auth.KindSetup, "no_client_secret"},
		{"empty secret", func() { r.client.Secret = constant("") }, auth.KindSetup, "no_client_secret"},
		{"secret cannot be read", func() {
			r.client.Secret = func(context.Context, auth.Tool) (auth.Secret, error) {
				return "", &auth.Error{
					Kind: auth.KindKeychain, Code: "keychain_locked", What: "the keychain is locked", Do: "unlock it",
					Who: auth.WhoYou,
				}
			}
		}, auth.KindKeychain, "keychain_locked"},
		{"wrong secret", func() { r.client.Secret = constant("wrong") }, auth.KindSetup, "invalid_client"},
		{"no such grant", func() { r.tool.ClientID = "person"; r.client.Secret = constant("") }, auth.KindSetup, "no_client_secret"},
		{"a sign-in asked for", func() { answer(400, `{"error":"interaction_required"}`) }, auth.KindSetup, "interaction_required"},
		{"denied", func() { answer(403, `{"error":"access_denied"}`) }, auth.KindSetup, "access_denied"},
		{"outage", func() { answer(503, "") }, auth.KindTransient, "http_503"},
		{"no access token", func() { answer(200, `{"token_type":"Bearer"}`) }, auth.KindProtocol, "no_access_token"},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer func(c func(context.Context, auth.Tool) (auth.Secret, error), id string) {
				r.client.Secret, r.tool.ClientID = c, id
				r.faults.Clear("/token")
			}(r.client.Secret, r.tool.ClientID)
			test.before()
			_, err := r.client.ServiceTokens(t.Context(), r.tool)
			wantError(t, err, test.kind, test.code, clientSecret, "wrong")
		})
	}
}

// TestNoSecretNamesTheCommand: whoever lacks the secret reads how to store it.
func TestNoSecretNamesTheCommand(t *testing.T) {
	r := newRig(t)
	r.tool.ClientAuth = auth.ClientAuthForm
	_, err := r.client.Begin(t.Context(), r.tool, r.callback, oidc.BeginOptions{})
	if err == nil || !strings.Contains(err.Error(), "no client secret is stored for Tool: run `keyfob tools secret tool`") {
		t.Errorf("%v", err)
	}
}
