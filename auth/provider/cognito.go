package provider

import (
	"strings"

	"keyfob/auth"
)

// cognito is an AWS Cognito user pool.
func cognito() Preset {
	return Preset{
		ID: "cognito", Name: "AWS Cognito", Known: "EXAMPLE.auth.REGION.amazoncognito.com",
		Fields: []Field{
			{Key: "pool", Label: "User pool ID", Example: "eu-west-1_AbCdEfGhI"},
			{Key: "region", Label: "Region", Example: "eu-west-1", Help: "the pool's ID tells it already", Optional: true, Implied: true},
		},
		Scopes:         []string{"openid", "profile", "email"},
		Redirect:       named,
		ExactPort:      true,
		RefusesOffline: true,
		Quirks:         []auth.Quirk{auth.QuirkLogoutURI, auth.QuirkLastingRefresh},
		Refresh: "There is always a refresh token, for 30 days by default; a refresh returns none unless rotation is on, and the " +
			"old one stays.",
		NoRefresh: "refreshing is switched off for this client at Cognito",
		SignOut:   "The refresh token is revoked; Cognito ends the session in the browser only with a registered sign-out URL.",
		Notes: []string{
			"Create a public client and list each redirect URI with its port; plain http is allowed for localhost alone.",
			"A pool's ID begins with its region.",
		},
		atHost: func(a address) (map[string]string, bool) {
			switch {
			case a.under("amazoncognito.com"):
				return nil, true // the pool is not in it
			case strings.HasPrefix(a.host, "cognito-idp."):
				return known("pool", a.path[0]), true
			}
			return nil, false
		},
		derive: func(d *draft) {
			pool, region := d.word("pool", "-_"), strings.ToLower(d.word("region", "-"))
			of, _, found := strings.Cut(pool, "_")
			switch {
			case !found || of == "":
				d.fail("pool", "pool: "+auth.Quote(d.values["pool"])+" does not begin with a region", `write it like "eu-west-1_AbCdEfGhI"`)
			case region == "":
				region = of
			case region != of:
				d.fail("region", "the pool is in the region "+auth.Quote(of)+" and not in "+auth.Quote(region), "remove region")
			}
			d.tool.Issuer = "https://cognito-idp." + region + ".amazonaws.com/" + pool
		},
	}
}
