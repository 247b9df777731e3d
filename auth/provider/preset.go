// Package provider holds what is known of each identity provider: what a
// person has to give, and what follows from it for discovery, scopes,
// parameters, redirect, refreshing and sign-out. One small file for each.
//
// A quirk is named in [auth.Quirk], listed in the provider's file here, and acted
// on where Keyfob uses it: search for the constant. What providers answer oddly
// but harmlessly is read in auth/oidc.
//
// It owns data and functions over data alone. It must never do I/O, hold a
// secret, or decide anything about a session.
package provider

import "keyfob/auth"

// Preset is what is known of one provider.
type Preset struct {
	ID     string  // the word in the settings
	Name   string  // for people
	Fields []Field // what a person gives beside the client ID; with an issuer of their own, none of it is needed

	Scopes     []string          // asked for where a person names none
	Params     map[string]string // extra authorization parameters; a person's own go before
	ClientAuth auth.ClientAuth   // where a person names none
	Redirect   string            // where a person names none
	OwnPath    bool              // Redirect is followed by the provider's host; see redirectHost
	SendsIss   bool              // its answers in the browser name their issuer (RFC 9207)
	NoRedirect bool              // nothing is registered as redirect URI
	ExactPort  bool              // the port of the redirect URI is compared: Ports are used where a person names none
	Quirks     []auth.Quirk

	// Generic says that the preset stands for any provider, so that what it says
	// is known of none in particular.
	Generic bool
	// NeedsOffline says that a refresh token comes with offline_access only.
	NeedsOffline bool
	// RefusesOffline says that the scope offline_access fails a sign-in.
	RefusesOffline bool

	// Known is how people recognise the provider: the address of its sign-in
	// page, or where it runs.
	Known     string
	Refresh   string   // the rule of its refresh tokens, in a sentence
	NoRefresh string   // why there is none although it was asked for, in a clause; empty where nothing is known
	SignOut   string   // what signing out does and what it cannot, in a sentence
	Notes     []string // what to know when the client is registered, a sentence each

	// What a form for a new tool asks beside Fields, and shows.
	InList          string // the provider's name among the others; empty where it is Name
	Issuer          Field  // the issuer, where it can be given; no Label where it is not asked for
	Audience        Field  // the audience, likewise
	ClientIDExample string // empty where client IDs follow no pattern
	ScopeExample    string // of a scope of an API; empty where scopes follow no pattern
	MoreScopes      string // scopes that the form has from the start, beside Scopes

	// What an address tells: of a page on which people sign in, by its host or, where
	// the provider runs anywhere, by its path; and of an authorization endpoint. Each
	// says whether the address is one of the provider's.
	atHost, atPath, authorize func(a address) (values map[string]string, ok bool)
	oldAuthorize              func(a address) bool // authorize knows it, and it is of an older version

	derive func(d *draft) // finds the issuer
	expect func(d *draft) // says what the provider calls itself where that is not the issuer
	finish func(d *draft) // whatever else follows
}

// Field is a setting that a preset asks for.
type Field struct {
	Key      string // the word in the settings
	Label    string // for people
	Example  string
	Help     string // what it is or where it stands, in a clause; may be empty
	Optional bool
	Implied  bool   // another field tells it, so that a form need not ask
	Host     string // how the provider's host is made of it, % for what is given; empty where it is not
}

// Ports are the ports of the redirect URI at a provider that compares them,
// where the settings name none: the first that is free is used, so each has to
// be registered.
func Ports() []int { return []int{53682, 53683} }

// exampleGUID looks like a client ID at Microsoft.
const exampleGUID = "22222222-3333-4444-5555-666666666666"

// The redirect URIs that presets begin with.
const (
	numeric = "http://127.0.0.1/callback"
	named   = "http://localhost/callback"
)

// All returns the presets in the order in which people are told of them.
func All() []Preset {
	return []Preset{entra(), b2c(), adfs(), google(), auth0(), keycloak(), pingfederate(), okta(), cognito(), generic()}
}

// GenericID is the ID of the preset for any provider that follows the standards,
// which the settings mean when they name none.
const GenericID = "oidc"

// Find returns the preset with this ID.
func Find(id string) (Preset, bool) {
	for _, p := range All() {
		if p.ID == id {
			return p, true
		}
	}
	return Preset{}, false
}

// Keys returns every key that some preset asks for, each once.
func Keys() []string {
	var keys []string
	seen := map[string]bool{}
	for _, p := range All() {
		for _, f := range p.Fields {
			if !seen[f.Key] {
				seen[f.Key] = true
				keys = append(keys, f.Key)
			}
		}
	}
	return keys
}

// generic is any provider that follows the standards.
func generic() Preset {
	return Preset{
		ID: GenericID, Name: "any OpenID provider", Known: "any other with OpenID Connect, such as PingOne",
		Generic:  true,
		Scopes:   []string{"openid"},
		Redirect: numeric,
		OwnPath:  true,
		InList:   "Another OpenID provider",
		Issuer: Field{
			Key:     "issuer",
			Label:   "Issuer",
			Example: "https://login.example.com",
			Help:    "the provider's address, or the one of its openid-configuration",
			Host:    "%",
		},
		// Most know it, and without it most sessions cannot renew themselves.
		MoreScopes: "profile offline_access",
		Refresh:    "Most providers give a refresh token to whoever asks for offline_access.",
		SignOut:    "The refresh token is revoked and the session at the provider ended, where the provider has addresses for that.",
		Notes: []string{
			"Give the issuer as the provider names itself in its discovery document, or all of authorize_uri, token_uri, jwks_uri and " +
				"expect_issuer.",
			"PingOne's issuer is https://auth.pingone.TLD/ENVIRONMENT/as.",
		},
	}
}
