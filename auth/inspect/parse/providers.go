package parse

// providerClaims are what providers add, each in its documentation.
func providerClaims() []word {
	authentication := map[string]string{"0": "not at all, as a public client", "1": "a secret", "2": "a certificate"}
	return []word{
		// Microsoft Entra ID, its B2C and AD FS.
		{
			name:    "tid",
			meaning: "the tenant of the account",
			values:  map[string]string{"9188040d-6c67-4c5b-b112-36a304b66dad": "that of personal Microsoft accounts"},
		},
		{name: "oid", meaning: "your account in that tenant, by the same name for all clients"},
		{name: "appid", meaning: "the client that asked for it"},
		{name: "app_displayname", meaning: "the client's name"},
		{name: "appidacr", meaning: "how the client showed who it is", values: authentication},
		{name: "azpacr", meaning: "how the client showed who it is", values: authentication},
		{name: "apptype", meaning: "whether the client can keep a secret"},
		{
			name:    "idtyp",
			meaning: "whom it stands for",
			values:  map[string]string{"app": "a program by itself", "user": "a person", "device": "a device"},
		},
		{name: "wids", meaning: "your roles in the directory, by the IDs of their templates", values: map[string]string{
			"b79fbf4d-3ef9-4689-8143-76b194e85509": "no administrator", "62e90394-69f5-4237-9190-012177145e10": "global administrator",
		}},
		{name: "idp", meaning: "who knows your password, where that is not the issuer"},
		{name: "identityprovider", meaning: "who knows your password, where that is not the issuer"},
		{name: "acct", meaning: "your account in this tenant", values: map[string]string{"0": "a member", "1": "a guest"}},
		{name: "acrs", meaning: "the conditions of access that you have met"},
		{name: "hasgroups", meaning: "you are in too many groups to be listed: a program has to ask Microsoft Graph"},
		{name: "ipaddr", meaning: "the network address that you signed in from"},
		{name: "onprem_sid", meaning: "your account in the Windows domain"},
		{name: "primarysid", meaning: "your account in the Windows domain"},
		{name: "winaccountname", meaning: "your account in the Windows domain"},
		{name: "in_corp", meaning: "whether you signed in from the company's network"},
		{name: "insidecorporatenetwork", meaning: "whether you signed in from the company's network"},
		{name: "authmethod", meaning: "how you showed who you are"},
		{name: "deviceid", meaning: "the device that you signed in on"},
		{name: "platf", meaning: "the system of that device"},
		{name: "ver", meaning: "the version of the token's format"},
		{name: "tfp", meaning: "the user flow that you went through"},
		{name: "emails", meaning: "your e-mail addresses"},
		{name: "newUser", meaning: "whether the account was just created"},
		{name: "login_hint", meaning: "your account, for signing in or out without a question"},
		{name: "ctry", meaning: "your country"},
		{name: "tenant_ctry", meaning: "the tenant's country"},
		{name: "tenant_region_scope", meaning: "the part of the world that the tenant is in"},
		{name: "verified_primary_email", meaning: "your e-mail address, as the directory knows it"},
		{name: "verified_secondary_email", meaning: "another of your e-mail addresses, as the directory knows it"},
		{name: "pwd_exp", meaning: "in how many seconds your password ends"},
		{name: "pwd_url", meaning: "where to change your password"},
		{name: "mfa_auth_time", meaning: "when you last showed it in more than one way", time: true},
		{name: "signin_state", meaning: "what was known when you signed in"},
		{name: "xms_cc", meaning: "what the client can do", values: map[string]string{"cp1": "it can be told that access was taken back"}},
		{name: "xms_edov", meaning: "whether your e-mail address belongs to a domain of the tenant"},
		{name: "xms_pl", meaning: "your language"},
		{name: "xms_tpl", meaning: "the tenant's language"},
		{name: "xms_tcdt", meaning: "when the tenant was created", time: true},
		{name: "xms_mirid", meaning: "the resource in Azure that this identity belongs to"},
		{name: "uti", meaning: "its own number in Entra's logs"},
		{name: "puid", meaning: "your account, by an old ID of Microsoft's"},
		{name: "aio", meaning: "Microsoft's own, which no program should rely on"},
		{name: "rh", meaning: "Microsoft's own, which no program should rely on"},

		// Keycloak.
		{name: "realm_access", meaning: "your roles in the whole realm"},
		{name: "resource_access", meaning: "your roles in each client"},
		{name: "typ", meaning: "what it is", values: map[string]string{"Bearer": "an access token", "ID": "an ID token"}},
		{name: "session_state", meaning: "your session at the provider"},
		{name: "allowed-origins", meaning: "the web sites whose pages may use it"},
		{name: "organization", meaning: "the organisation that you are in"},

		// Auth0.
		{name: "gty", meaning: "how the client came to it"},
		{name: "org_id", meaning: "the organisation that you signed in to"},
		{name: "org_name", meaning: "the organisation that you signed in to"},

		// Okta.
		{name: "cid", meaning: "the client that asked for it"},
		{name: "uid", meaning: "your account at Okta"},
		{name: "login", meaning: "your user name"},

		// Amazon Cognito.
		{name: "token_use", meaning: "what it is", values: map[string]string{"access": "an access token", "id": "an ID token"}},
		{name: "username", meaning: "your user name"},
		{name: "cognito:username", meaning: "your user name in the user pool"},
		{name: "cognito:groups", meaning: "your groups in the user pool"},
		{name: "cognito:roles", meaning: "the roles in AWS that your groups bring"},
		{name: "cognito:preferred_role", meaning: "the role in AWS that comes first"},
		{name: "origin_jti", meaning: "the sign-in that it comes from; taking that back ends it"},
		{name: "event_id", meaning: "the sign-in in Cognito's logs"},
		{name: "device_key", meaning: "the device that you signed in on"},
		{name: "identities", meaning: "your accounts at other providers"},
		{name: "version", meaning: "the version of the token's format"},

		// Google.
		{name: "hd", meaning: "the company's domain at Google; without it, a private account"},

		// PingFederate.
		{name: "pi.sri", meaning: "your session at the provider"},
		{name: "pi.atm", meaning: "how the provider makes its access tokens"},
	}
}
