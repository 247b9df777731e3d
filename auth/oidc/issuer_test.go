package oidc_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

const (
	tenant      = "11111111-2222-3333-4444-555555555555"
	otherTenant = "99999999-2222-3333-4444-555555555555"
)

func TestExpectedIssuer(t *testing.T) {
	const place = "https://login.example.com/contoso.example.com/v2.0"
	for name, tt := range map[string]struct {
		expect []string
		says   string
		code   string // empty when it is taken
	}{
		"nothing expected, itself":  {nil, place, ""},
		"nothing expected, another": {nil, "https://login.example.com/" + tenant + "/v2.0", "issuer_mismatch"},
		"pinned":                    {[]string{"https://id.example.com/"}, "https://id.example.com/", ""},
		"pinned, without its slash": {[]string{"https://id.example.com/"}, "https://id.example.com", "issuer_mismatch"},
		"pinned elsewhere":          {[]string{"https://id.example.com/"}, place, "issuer_mismatch"},
		"one of two": {
			[]string{"https://fs.example.com/adfs", "https://fs.example.com/adfs/"},
			"https://fs.example.com/adfs/", "",
		},
		"a tenant": {
			[]string{"https://login.example.com/{tenantid}/v2.0"},
			"https://login.example.com/" + tenant + "/v2.0", "",
		},
		"every tenant": {
			[]string{"https://login.example.com/{tenantid}/v2.0"},
			"https://login.example.com/{tenantid}/v2.0", "",
		},
		"a tenant at another host": {
			[]string{"https://login.example.com/{tenantid}/v2.0"},
			"https://login.example.org/" + tenant + "/v2.0", "issuer_mismatch",
		},
		"every tenant where one is meant": {
			[]string{"https://login.example.com/" + tenant + "/v2.0"},
			"https://login.example.com/{tenantid}/v2.0", "issuer_mismatch",
		},
		"a word in a tenant's place": {[]string{"https://login.example.com/{tenantid}/v2.0"}, place, "issuer_mismatch"},
	} {
		t.Run(name, func(t *testing.T) {
			c := &oidc.Client{HTTP: &http.Client{Transport: anyHost{metadataOf(place, map[string]any{"issuer": tt.says})}}}
			m, err := c.Discover(t.Context(), auth.Tool{Issuer: place, ExpectIssuers: tt.expect})
			switch {
			case tt.code != "":
				wantError(t, err, auth.KindSetup, tt.code)
			case err != nil || m.Issuer != tt.says:
				t.Errorf("got %+v, %v", m, err)
			}
		})
	}
}

// tenants makes the rig's provider one of many tenants, which says in each ID
// token what edit makes of it.
func (r *rig) tenants(edit func(claims map[string]any)) (signer *authtest.Signer) {
	r.Helper()
	pattern := r.tool.Issuer + "/" + auth.TenantID
	r.tool.ExpectIssuers = []string{pattern}
	signer = authtest.NewSigner("ES256", "k")
	r.faults.Set(discoveryPath, authtest.RewriteJSON(func(m map[string]any) {
		m["issuer"] = pattern
		delete(m, "authorization_response_iss_parameter_supported")
	}))
	// This provider sends an issuer all the same.
	r.faults.Set("/signin", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, req)
		maps.Copy(w.Header(), rec.Header())
		to, err := url.Parse(rec.Header().Get("Location"))
		if err != nil {
			r.Error(err)
		}
		q := to.Query()
		q.Del("iss")
		to.RawQuery = q.Encode()
		w.Header().Set("Location", to.String())
		w.WriteHeader(rec.Code)
	})
	r.faults.Set("/jwks", authtest.Keys(signer))
	r.faults.Set("/token", authtest.RewriteIDToken(func(_, claims map[string]any) {
		delete(claims, "at_hash")
		claims["tid"], claims["iss"] = tenant, r.tool.Issuer+"/"+tenant
		if edit != nil {
			edit(claims)
		}
	}, signer))
	return signer
}

func TestTenantInTheIssuer(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(issuer string, claims map[string]any)
		code string
	}{
		"right":              {nil, ""},
		"no tenant":          {func(_ string, c map[string]any) { delete(c, "tid") }, "id_token_tenant"},
		"tenant by its name": {func(i string, c map[string]any) { c["tid"], c["iss"] = "contoso", i+"/contoso" }, "id_token_tenant"},
		"tenant in capitals": {
			func(_ string, c map[string]any) { c["tid"] = strings.ToUpper("abcdefab-2222-3333-4444-555555555555") },
			"id_token_tenant",
		},
		"tenant no text":      {func(_ string, c map[string]any) { c["tid"] = 5 }, "id_token_tenant"},
		"issuer of another":   {func(i string, c map[string]any) { c["iss"] = i + "/" + otherTenant }, "id_token_issuer"},
		"issuer the pattern":  {func(i string, c map[string]any) { c["iss"] = i + "/" + auth.TenantID }, "id_token_issuer"},
		"issuer of elsewhere": {func(_ string, c map[string]any) { c["iss"] = "https://evil.example.com/" + tenant }, "id_token_issuer"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.tenants(func(c map[string]any) {
				if tt.edit != nil {
					tt.edit(r.tool.Issuer, c)
				}
			})
			tokens, err := r.exchange()
			if tt.code != "" {
				wantError(t, err, auth.KindProtocol, tt.code)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := r.tool.Issuer + "/" + tenant; tokens.Account.Issuer != want {
				t.Errorf("the account is of %s, want %s", tokens.Account.Issuer, want)
			}
			// The session stays with its tenant.
			fresh, err := r.client.Refresh(t.Context(), r.tool, tokens)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.client.VerifyRefreshed(t.Context(), r.tool, tokens, fresh); err != nil {
				t.Error(err)
			}
			r.tenants(func(c map[string]any) { c["tid"], c["iss"] = otherTenant, r.tool.Issuer+"/"+otherTenant })
			r.client = r.newClient() // it has other keys now
			r.tool.ExpectIssuers = []string{r.tool.Issuer + "/" + auth.TenantID}
			if fresh, err = r.client.Refresh(t.Context(), r.tool, fresh); err != nil {
				t.Fatal(err)
			}
			_, err = r.client.VerifyRefreshed(t.Context(), r.tool, tokens, fresh)
			wantError(t, err, auth.KindProtocol, "id_token_issuer")
		})
	}
}

// TestKeyOfAnotherTenant has a tenant's key sign for another one.
func TestKeyOfAnotherTenant(t *testing.T) {
	for name, tt := range map[string]struct {
		issuer string // what the key says, behind the provider's address
		ok     bool
	}{
		"for all":         {"/" + auth.TenantID, true},
		"for this one":    {"/" + tenant, true},
		"for another one": {"/" + otherTenant, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			signer := r.tenants(nil)
			raw, err := json.Marshal(signer.JWK())
			if err != nil {
				t.Fatal(err)
			}
			var jwk map[string]any
			if err := json.Unmarshal(raw, &jwk); err != nil {
				t.Fatal(err)
			}
			jwk["issuer"] = r.tool.Issuer + tt.issuer
			body, err := json.Marshal(map[string]any{"keys": []any{jwk}})
			if err != nil {
				t.Fatal(err)
			}
			r.faults.Set("/jwks", authtest.Answer(http.StatusOK, string(body)))
			switch _, err := r.exchange(); {
			case tt.ok && err != nil:
				t.Error(err)
			case !tt.ok:
				wantError(t, err, auth.KindProtocol, "id_token_signature")
			}
		})
	}
}

func TestHandWrittenEndpoints(t *testing.T) {
	r := newRig(t)
	base := r.tool.Issuer
	r.faults.Set(discoveryPath, authtest.Answer(http.StatusNotFound, ""))
	r.tool.Endpoints = auth.Endpoints{
		Authorize:  base + "/authorize",
		Token:      base + "/token",
		JWKS:       base + "/jwks",
		Revocation: base + "/revoke",
		EndSession: base + "/end_session",
	}
	tokens := r.signIn()
	fresh, err := r.client.Refresh(t.Context(), r.tool, tokens)
	if err != nil {
		t.Fatal(err)
	}
	if fresh, err = r.client.VerifyRefreshed(t.Context(), r.tool, tokens, fresh); err != nil {
		t.Fatal(err)
	}
	if address, ok, err := r.client.EndSessionURL(t.Context(), r.tool, "", ""); err != nil || !ok ||
		!strings.HasPrefix(address, base+"/end_session?") {
		t.Errorf("sign-out at %s, %v, %v", address, ok, err)
	}
	if err := r.client.Revoke(t.Context(), r.tool, fresh); err != nil || r.hello(fresh) != http.StatusUnauthorized {
		t.Errorf("revoked: %v", err)
	}
	if got := r.faults.Seen(discoveryPath); got != 0 {
		t.Errorf("the metadata was asked for %d times", got)
	}

	// The issuer is checked all the same.
	r.tool.ExpectIssuers = []string{"https://other.example.com"}
	_, err = r.client.Exchange(t.Context(), r.begin(), "code")
	wantError(t, err, auth.KindFailed, "invalid_grant")
	req := r.begin()
	if err := signInAs(r, req.URL); err != nil {
		t.Fatal(err)
	}
	_, err = r.client.CheckCallback(req, <-r.answers)
	wantError(t, err, auth.KindProtocol, "callback_issuer")

	r = newRig(t)
	r.tool.Endpoints = auth.Endpoints{Authorize: "http://sso.example.com/authorize", Token: base + "/token", JWKS: base + "/jwks"}
	_, err = r.client.Discover(t.Context(), r.tool)
	wantError(t, err, auth.KindSetup, "bad_url")
}

// TestSomeEndpointsByHand replaces one address and leaves the rest discovered.
func TestSomeEndpointsByHand(t *testing.T) {
	const issuer = "https://sso.example.com"
	c := &oidc.Client{
		HTTP: &http.Client{
			Transport: anyHost{metadataOf(issuer, map[string]any{"ping_end_session_endpoint": issuer + "/idp/startSLO.ping"})},
		},
	}
	tool := auth.Tool{Issuer: issuer}
	m, err := c.Discover(t.Context(), tool)
	if err != nil || m.EndSessionEndpoint != issuer+"/idp/startSLO.ping" {
		t.Fatalf("got %+v, %v", m, err)
	}
	tool.Endpoints = auth.Endpoints{Token: issuer + "/proxy/t", EndSession: issuer + "/bye"}
	m, err = c.Discover(t.Context(), tool)
	if err != nil || m.TokenEndpoint != issuer+"/proxy/t" || m.EndSessionEndpoint != issuer+"/bye" ||
		m.AuthorizationEndpoint != issuer+"/a" {
		t.Errorf("got %+v, %v", m, err)
	}
	tool.Endpoints.Token = "http://127.0.0.1/t"
	_, err = c.Discover(t.Context(), tool)
	wantError(t, err, auth.KindProtocol, "insecure_endpoint")
}
