package provider

import (
	"slices"
	"strings"

	"keyfob/auth"
)

// entra is Microsoft Entra ID, version 2.0 of its endpoints.
func entra() Preset {
	return Preset{
		ID: "entra", Name: "Microsoft Entra ID", Known: "login.microsoftonline.com; formerly Azure AD, Microsoft 365",
		Fields: []Field{
			{
				Key:     "tenant",
				Label:   "Tenant",
				Example: "11111111-2222-3333-4444-555555555555",
				Help:    "its ID or a domain of it, as example.com",
			},
		},
		Issuer: Field{
			Key:      "issuer",
			Label:    "Issuer of another cloud",
			Example:  "https://login.microsoftonline.us/TENANT/v2.0",
			Help:     "instead of the tenant",
			Optional: true,
		},
		ClientIDExample: exampleGUID,
		ScopeExample:    "api://APPLICATION-ID/NAME",

		Scopes:       []string{"openid", "profile", "email", "offline_access"},
		Redirect:     named,
		NeedsOffline: true,
		Quirks:       []auth.Quirk{auth.QuirkLastingRefresh},
		Refresh: "With offline_access there is a refresh token for 90 days, replaced at each use; a new password of the person " +
			"ends it.",
		SignOut: "The session in the browser ends; Entra ID cannot revoke tokens, so a refresh token, deleted here, stays valid " +
			"until it expires.",
		Notes: []string{
			"Register the platform \"Mobile and desktop applications\" with http://localhost/callback, without a port and without a " +
				"secret.",
			"The tenant is its ID, one of its domains, or organizations or common for an application of many tenants.",
			"A scope of an API looks like api://APPLICATION-ID/NAME.",
			"For another cloud give the issuer, such as https://login.microsoftonline.us/TENANT/v2.0; for External ID " +
				"https://NAME.ciamlogin.com/TENANT/v2.0.",
		},
		derive: func(d *draft) {
			d.tool.Issuer = "https://login.microsoftonline.com/" + strings.ToLower(d.word("tenant", "-.")) + "/v2.0"
		},
		expect:       func(d *draft) { d.tool.ExpectIssuers = entraIssuers(d.tool.Issuer) },
		atHost:       entraPage,
		authorize:    entraAuthorize,
		oldAuthorize: oldMicrosoft,
	}
}

// entraPage knows Entra ID's pages in its clouds.
func entraPage(a address) (map[string]string, bool) {
	tenant := strings.ToLower(a.path[0])
	if slices.Contains([]string{"common", "organizations", "consumers"}, tenant) || !auth.IsGUID(tenant) && !strings.Contains(tenant, ".") {
		tenant = "" // says nothing of whose it is
	}
	switch {
	case a.host == "login.microsoftonline.com" || a.host == "login.microsoft.com" || a.host == "login.windows.net":
		return known("tenant", tenant), true
	case a.host == "login.microsoftonline.us", a.host == "login.partner.microsoftonline.cn", a.under("ciamlogin.com"):
		if tenant == "" {
			return nil, true
		}
		return known("issuer", a.origin()+"/"+tenant+"/v2.0"), true
	}
	return nil, false
}

// entraAuthorize knows Entra ID's authorization endpoint, in both versions.
func entraAuthorize(a address) (map[string]string, bool) {
	if !(len(a.path) == 4 && a.ends("oauth2/v2.0/authorize")) && !oldMicrosoft(a) {
		return nil, false
	}
	if a.host == "login.microsoftonline.com" || a.host == "login.windows.net" {
		return known("tenant", a.path[0]), true
	}
	return known("issuer", a.origin()+"/"+a.path[0]+"/v2.0"), true
}

// oldMicrosoft reports whether an address is of version 1 of the authorization
// endpoint, in one of the clouds that Entra ID runs in.
func oldMicrosoft(a address) bool {
	switch a.host {
	case "login.microsoftonline.com", "login.windows.net", "login.microsoftonline.us", "login.partner.microsoftonline.cn":
		return len(a.path) == 3 && a.ends("oauth2/authorize")
	}
	return false
}

// entraIssuers says what Entra ID calls itself where discovery is asked at
// place: the tenant's ID stands in it, whatever name the tenant was asked by.
func entraIssuers(place string) []string {
	origin, path := under(place)
	if len(path) != 2 || path[1] != "v2.0" {
		return nil
	}
	id := path[0]
	if !auth.IsGUID(id) {
		id = auth.TenantID
	}
	if scheme, host, _ := strings.Cut(origin, "://"); strings.HasSuffix(host, ".ciamlogin.com") {
		origin = scheme + "://" + id + ".ciamlogin.com"
	}
	if want := origin + "/" + id + "/v2.0"; want != place {
		return []string{want}
	}
	return nil
}
