//go:build unix

package keycloak

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest/machine"
	"keyfob/auth/provider"
)

//go:embed realm.json
var standard []byte

// The people and clients of realm.json.
const (
	Ada      = "ada" // may have offline access
	Bob      = "bob" // may not
	Password = "correct horse"

	Native = "keyfob" // public
	Web    = "web"    // confidential, with the secret Secret
	Secret = "s3cret+of/the:client%21"
)

// Realm is a realm of its own for one test.
type Realm struct {
	Name   string
	Issuer string

	t      testing.TB
	server *Server
}

// Realm makes a realm out of realm.json and what change makes of it, which may
// be nil.
func (s *Server) Realm(t testing.TB, name string, change func(realm map[string]any)) *Realm {
	t.Helper()
	realm := make(map[string]any)
	if err := json.Unmarshal(standard, &realm); err != nil {
		t.Fatal(err)
	}
	realm["realm"] = name
	if change != nil {
		change(realm)
	}
	r := &Realm{Name: name, Issuer: s.URL + "/realms/" + name, t: t, server: s}
	r.do(http.MethodPost, "/admin/realms", realm, nil)
	return r
}

// Tool is a tool for one of the realm's clients, as the preset for Keycloak
// makes it.
func (r *Realm) Tool(client string, scopes ...string) auth.Tool {
	r.t.Helper()
	preset, ok := provider.Find("keycloak")
	if !ok {
		r.t.Fatal("there is no preset")
	}
	tool, err := preset.Resolve(
		provider.Input{Tool: auth.Tool{ID: client, Name: "Plant 4", Issuer: r.Issuer, ClientID: client, Scopes: scopes}},
	)
	if err != nil {
		r.t.Fatal(err)
	}
	return tool
}

// Person is a person with a browser of their own.
func Person(name string) *machine.Person {
	return &machine.Person{Types: map[string]string{"username": name, "password": Password}, Presses: []string{"login", "confirmLogout"}}
}

// Client is a client in a realm that is about to be made.
func Client(realm map[string]any, id string) map[string]any {
	for _, c := range realm["clients"].([]any) {
		if c := c.(map[string]any); c["clientId"] == id {
			return c
		}
	}
	return nil
}

// Userinfo is the status with which the realm answers who the token's owner is.
func (r *Realm) Userinfo(token auth.Secret) int {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.Issuer+"/protocol/openid-connect/userinfo", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token.Reveal())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// Introspect is what the realm knows of a token (RFC 7662).
func (r *Realm) Introspect(token auth.Secret) (claims map[string]any) {
	r.t.Helper()
	form := url.Values{"token": {token.Reveal()}, "client_id": {Web}, "client_secret": {Secret}}
	req, err := http.NewRequestWithContext(
		r.t.Context(),
		http.MethodPost,
		r.Issuer+"/protocol/openid-connect/token/introspect",
		strings.NewReader(form.Encode()),
	)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := exchange(req, &claims); err != nil {
		r.t.Fatal(err)
	}
	return claims
}

// EndSessions ends a person's sessions, as they do in their account, or an
// administrator for them. Offline sessions go on.
func (r *Realm) EndSessions(person string) {
	r.t.Helper()
	var sessions []struct{ ID string }
	r.do(http.MethodGet, r.user(person)+"/sessions", nil, &sessions)
	for _, s := range sessions {
		r.do(http.MethodDelete, "/admin/realms/"+r.Name+"/sessions/"+s.ID, nil, nil)
	}
}

// LogOut voids all that a person was given up to this second, as an
// administrator may.
func (r *Realm) LogOut(person string) {
	r.t.Helper()
	r.do(http.MethodPost, r.user(person)+"/logout", nil, nil)
}

// TakeConsent takes from a client what a person has allowed it, offline
// sessions included.
func (r *Realm) TakeConsent(person, client string) {
	r.t.Helper()
	r.do(http.MethodDelete, r.user(person)+"/consents/"+client, nil, nil)
}

// Disable disables an account.
func (r *Realm) Disable(person string) {
	r.t.Helper()
	r.do(http.MethodPut, r.user(person), map[string]any{"enabled": false}, nil)
}

// user is the address of a person's account.
func (r *Realm) user(person string) string {
	r.t.Helper()
	users := "/admin/realms/" + r.Name + "/users"
	var found []struct{ ID string }
	r.do(http.MethodGet, users+"?exact=true&username="+person, nil, &found)
	if len(found) != 1 {
		r.t.Fatalf("there are %d accounts of %s", len(found), person)
	}
	return users + "/" + found[0].ID
}

// do is one request of the administrator's.
func (r *Realm) do(method, path string, in, out any) {
	r.t.Helper()
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			r.t.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.server.URL+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+r.admin())
	if err := exchange(req, out); err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
}

// admin is a token of the administrator's. They live for a minute, so each
// request gets its own.
func (r *Realm) admin() string {
	r.t.Helper()
	form := url.Values{"grant_type": {"password"}, "client_id": {"admin-cli"}, "username": {adminUser}, "password": {adminPassword}}
	req, err := http.NewRequestWithContext(
		r.t.Context(),
		http.MethodPost,
		r.server.URL+"/realms/master/protocol/openid-connect/token",
		strings.NewReader(form.Encode()),
	)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := exchange(req, &answer); err != nil {
		r.t.Fatalf("the administrator's sign-in: %v", err)
	}
	return answer.AccessToken
}

func exchange(req *http.Request, out any) error {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s: %s", resp.Status, body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(body, out)
}
