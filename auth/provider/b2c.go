package provider

import (
	"slices"
	"strings"

	"keyfob/auth"
)

// b2c is Azure AD B2C.
func b2c() Preset {
	return Preset{
		ID: "b2c", Name: "Azure AD B2C", Known: "CONTOSO.b2clogin.com",
		Fields: []Field{
			{Key: "tenant", Label: "Tenant", Example: "contoso", Help: "what stands before .onmicrosoft.com", Host: "%.b2clogin.com"},
			{Key: "policy", Label: "Policy or user flow", Example: "B2C_1_signin"},
			{Key: "host", Label: "Custom domain", Example: "login.example.com", Help: "instead of b2clogin.com", Optional: true, Host: "%"},
		},
		ClientIDExample: exampleGUID,

		Scopes:       []string{"openid", "offline_access"},
		Redirect:     named,
		OwnPath:      true,
		NeedsOffline: true,
		Quirks:       []auth.Quirk{auth.QuirkScopeAtToken, auth.QuirkHintWantsHTTPS, auth.QuirkLastingRefresh},
		Refresh:      "With offline_access there is a refresh token for 14 days, replaced at each use, for 90 days in all.",
		SignOut: "The session of this policy in the browser ends; B2C cannot revoke tokens, so a refresh token, deleted here, " +
			"stays valid until it expires.",
		Notes: []string{
			"Register the platform \"Mobile and desktop applications\" with this redirect URI, without a port.",
			"The client ID is asked for as a scope unless the scopes name an API: without either, B2C issues no access token.",
			"The host is a custom domain; without one it is TENANT.b2clogin.com.",
			"The issuer lacks the policy and is expected so; a policy's issuer of the form with /tfp/ is known too.",
		},
		derive: func(d *draft) {
			tenant := strings.TrimSuffix(strings.ToLower(d.word("tenant", "-.")), ".onmicrosoft.com")
			host := tenant + ".b2clogin.com"
			if d.values["host"] != "" {
				host = d.host("host", false)
			}
			if strings.Contains(tenant, ".") {
				d.fail(
					"tenant",
					"tenant: "+auth.Quote(d.values["tenant"])+" is not the name of a B2C tenant",
					`write it like "contoso" or "contoso.onmicrosoft.com"`,
				)
			}
			d.tool.Issuer = "https://" + host + "/" + tenant + ".onmicrosoft.com/" + d.word("policy", "-_.") + "/v2.0"
		},
		expect: func(d *draft) { d.tool.ExpectIssuers = b2cIssuers(d.tool.Issuer) },
		atHost: func(a address) (map[string]string, bool) {
			policy := a.u.Query().Get("p")
			if policy == "" && len(a.path) > 1 && strings.HasPrefix(strings.ToLower(a.path[1]), "b2c_1") {
				policy = a.path[1]
			}
			name, _, _ := strings.Cut(a.host, ".")
			return known("tenant", name, "policy", policy), a.under("b2clogin.com")
		},
		authorize: func(a address) (map[string]string, bool) {
			if !a.under("b2clogin.com") || len(a.path) != 5 || !a.ends("oauth2/v2.0/authorize") {
				return nil, false
			}
			return known("tenant", a.path[0], "policy", a.path[1]), true
		},
		finish: func(d *draft) {
			standard := []string{"openid", "profile", "email", "address", "phone", "offline_access"}
			if !slices.ContainsFunc(
				slices.Concat(d.tool.Scopes, d.tool.MandatoryScopes),
				func(s string) bool { return !slices.Contains(standard, s) },
			) {
				d.tool.Scopes = append(slices.Clone(d.tool.Scopes), d.tool.ClientID)
			}
		},
	}
}

// b2cIssuers says what B2C calls itself where discovery is asked at place: the
// tenant's ID in the place of its name, and the policy only where the policy
// says so, in the letters that it was asked with or in small ones.
func b2cIssuers(place string) []string {
	origin, path := under(place)
	if len(path) != 3 || path[2] != "v2.0" {
		return nil
	}
	issuers := []string{origin + "/" + auth.TenantID + "/v2.0/", origin + "/tfp/" + auth.TenantID + "/" + path[1] + "/v2.0/"}
	if small := strings.ToLower(path[1]); small != path[1] {
		issuers = append(issuers, origin+"/tfp/"+auth.TenantID+"/"+small+"/v2.0/")
	}
	return issuers
}
