package parse

// headerClaims are those of RFC 7515, RFC 7516 and RFC 9068.
func headerClaims() []word {
	return []word{
		{name: "alg", meaning: "how it is signed", values: map[string]string{
			"RS256": "RSA with SHA-256", "RS384": "RSA with SHA-384", "RS512": "RSA with SHA-512",
			"PS256": "RSA-PSS with SHA-256", "PS384": "RSA-PSS with SHA-384", "PS512": "RSA-PSS with SHA-512",
			"ES256": "P-256 with SHA-256", "ES384": "P-384 with SHA-384", "ES512": "P-521 with SHA-512",
			"EdDSA": "an Edwards curve",
			"HS256": "a secret that both sides share", "HS384": "a secret that both sides share", "HS512": "a secret that both sides share",
			"none": "not at all, so anybody could have written it",
			"dir":  "encrypted with a key that both sides share",
		}},
		{name: "enc", meaning: "how it is encrypted"},
		{name: "kid", meaning: "which of the provider's keys signed it"},
		{name: "typ", meaning: "what it is", values: map[string]string{
			"JWT": "a JSON Web Token", "at+jwt": "an access token (RFC 9068)", "application/at+jwt": "an access token (RFC 9068)",
		}},
		{name: "cty", meaning: "what is inside"},
		{name: "x5t", meaning: "the fingerprint of the certificate that signed it"},
		{name: "x5t#S256", meaning: "the fingerprint of the certificate that signed it"},
		{name: "x5c", meaning: "the certificates that signed it"},
		{name: "x5u", meaning: "where the certificates are said to be"},
		{name: "jku", meaning: "where the keys are said to be"},
		{name: "jwk", meaning: "the public key that signed it, according to the token itself"},
		{name: "zip", meaning: "how it is packed"},
		{name: "crit", meaning: "what a reader must understand"},
		{name: "nonce", meaning: "Microsoft Graph's own: nobody else can check the signature"},
	}
}

// standardClaims are those of RFC 7519, OpenID Connect Core 1.0, RFC 9068 and
// RFC 8693, those that a person looks for first.
func standardClaims() []word {
	return []word{
		{name: "iss", meaning: "the provider that issued it"},
		{
			name: "aud", meaning: "the API that it is meant for", inID: "the client that it is meant for, which is this one",
			values: audiences,
		},
		{name: "sub", meaning: "who signed in, by the provider's own name for it"},
		{name: "scope", meaning: "what it allows"},
		{name: "scp", meaning: "what it allows the program to do for you"},
		{name: "roles", meaning: "your roles in the API", inID: "your roles"},
		{name: "permissions", meaning: "what you may do in the API"},
		{name: "groups", meaning: "the groups that you are in"},
		{name: "entitlements", meaning: "what you are entitled to"},
		{name: "exp", meaning: "when it ends", time: true},
		{name: "iat", meaning: "when it was issued", time: true},
		{name: "nbf", meaning: "when it begins", time: true},
		{name: "auth_time", meaning: "when you last showed who you are", time: true},

		{name: "name", meaning: "your name, to be shown"},
		{name: "preferred_username", meaning: "your user name, which may change"},
		{name: "upn", meaning: "your user name in the directory, which may change"},
		{name: "unique_name", meaning: "your user name, to be shown"},
		{name: "email", meaning: "your e-mail address"},
		{name: "email_verified", meaning: "whether the provider knows that the address is yours"},
		{name: "given_name", meaning: "your first name"},
		{name: "family_name", meaning: "your last name"},
		{name: "middle_name", meaning: "your middle name"},
		{name: "nickname", meaning: "what you are called"},
		{name: "profile", meaning: "the address of your page"},
		{name: "picture", meaning: "the address of your picture"},
		{name: "website", meaning: "the address of your web site"},
		{name: "gender", meaning: "your gender"},
		{name: "birthdate", meaning: "your birthday"},
		{name: "zoneinfo", meaning: "your time zone"},
		{name: "locale", meaning: "your language"},
		{name: "phone_number", meaning: "your telephone number"},
		{name: "phone_number_verified", meaning: "whether the provider knows that the number is yours"},
		{name: "address", meaning: "your postal address"},
		{name: "updated_at", meaning: "when these details last changed", time: true},

		{name: "client_id", meaning: "the client that asked for it"},
		{name: "azp", meaning: "the client that asked for it"},
		{name: "acr", meaning: "how surely you showed who you are, in the provider's words"},
		{name: "amr", meaning: "how you showed who you are", values: methods},
		{name: "sid", meaning: "your session at the provider"},
		{name: "act", meaning: "who acts for you"},
		{name: "may_act", meaning: "who may act for you"},
		{name: "cnf", meaning: "the key that it is bound to: without it, it is worth nothing"},
		{name: "authorization_details", meaning: "what it allows, in detail"},
		{name: "jti", meaning: "its own ID"},
		{name: "nonce", meaning: "ties it to the one sign-in that it was issued for"},
		{name: "at_hash", meaning: "ties it to the access token that came with it"},
		{name: "c_hash", meaning: "ties it to the code that it came for"},
		{name: "s_hash", meaning: "ties it to the request that it answers"},
		{name: "_claim_names", meaning: "what did not fit in, and where it is"},
		{name: "_claim_sources", meaning: "where the rest is to be asked for"},
		{name: "events", meaning: "what happened (RFC 8417)"},
	}
}

// methods are the words of RFC 8176, and some of Microsoft's.
var methods = map[string]string{
	"pwd": "password", "mfa": "more than one way", "otp": "one-time password", "sms": "text message", "tel": "telephone call",
	"fpt": "fingerprint", "face": "face", "pin": "PIN", "hwk": "a key in hardware", "swk": "a key in software", "fido": "a passkey",
	"rsa": "a key or certificate", "wia": "your Windows sign-in", "kba": "questions", "geo": "where you are", "sc": "a smart card",
	"user": "you were there", "ngcmfa": "more than one way, set up anew", "pop": "a key",
}

// audiences are those that stand for a well-known API, which is often not the
// one that was meant.
var audiences = map[string]string{
	"00000003-0000-0000-c000-000000000000": microsoftGraph,
	"https://graph.microsoft.com":          microsoftGraph,
	"https://graph.microsoft.com/":         microsoftGraph,
	"00000002-0000-0000-c000-000000000000": "Azure AD Graph, which has ended",
	"account":                              "Keycloak's own account page",
}

const microsoftGraph = "Microsoft Graph, which Entra means where no scope of another API is asked for"
