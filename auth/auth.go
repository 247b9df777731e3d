// Package auth holds the words that every part of signing in shares: the tool
// that a person signs in to, the tokens that the provider issued, and the one
// error type that says what happened and what to do.
//
// What it does is pure: comparing, cleaning, decoding, validating and redacting
// these. It must never do I/O
// and never import a package that draws anything.
package auth

import (
	"slices"
	"strings"
	"time"
)

// ClientAuth says how the client authenticates at the token endpoint, in the
// words of ThingWorx's settings.
type ClientAuth string

// The ways of client authentication, RFC 6749 section 2.3.
const (
	ClientAuthNone   ClientAuth = "none"   // public client, client_id in the body
	ClientAuthForm   ClientAuth = "form"   // client_secret_post
	ClientAuthHeader ClientAuth = "header" // client_secret_basic
	ClientAuthQuery  ClientAuth = "query"  // the secret in the address, which no standard allows
)

// NeedsSecret reports whether the client authenticates with a secret.
func (a ClientAuth) NeedsSecret() bool { return a != ClientAuthNone && a != "" }

// Grant is how a tool comes to its tokens.
type Grant string

// The grants.
const (
	GrantCode    Grant = ""                   // a person signs in, RFC 6749 section 4.1
	GrantService Grant = "client_credentials" // the client is its own account, RFC 6749 section 4.4
)

// Tool is what a person signs in to, as validated settings. It holds no secret.
type Tool struct {
	ID               string            // the key of its table in the settings; names its keychain entries
	Name             string            // for people; never empty
	Home             string            // the home page's URL, or empty
	API              string            // the URL that a call with the token goes to, or empty for Home
	Provider         string            // the ID of its preset in auth/provider
	Issuer           string            // where discovery is asked, and the issuer identifier, compared exactly (Discovery 1.0 section 4.3)
	ExpectIssuers    []string          // what the provider may call itself where that is not Issuer; see [MatchIssuer]
	Endpoints        Endpoints         // written by hand, instead of discovered ones
	Quirks           []Quirk           // where the provider leaves the standards
	ClientID         string            //
	ClientAuth       ClientAuth        //
	Grant            Grant             //
	Scopes           []string          // holds "openid" unless the tool is a service account
	MandatoryScopes  []string          // a sign-in without these is reported
	Redirect         string            // http loopback URL without port, such as http://127.0.0.1/callback
	Ports            []int             // ports to try in this order; empty means any free port
	Audience         string            // the `audience` authorization parameter, or empty
	TrustedAudiences []string          // whom an ID token may be meant for beside ClientID
	Params           map[string]string // extra authorization parameters
	CAFile           string            // PEM file of extra certificate authorities, or empty
	SecretExpires    time.Time         // end of the client's secret, for a date alone midnight UTC; zero when nobody said
	Reminders        []time.Duration   // lead times ahead of the end of access, longest first

	PostLogout        string // http loopback URL that is registered for coming back from the provider's sign-out page, or empty
	RetriggerRemoved  bool   // a scope that was taken out of Scopes calls for a new sign-in, as one that was added does
	WantsSessionBound bool   // a refresh token that outlives the browser's session is worth a warning

	SharesRedirect []string // tools of other providers that have the same redirect URI, where that is not safe
}

// Endpoints are a provider's addresses as written in the settings. Each that is
// not empty replaces the one in the provider's metadata; with the first three
// no metadata is asked for.
type Endpoints struct {
	Authorize  string
	Token      string
	JWKS       string
	EndSession string
	Revocation string
}

// Whole reports whether a sign-in needs nothing beyond e.
func (e Endpoints) Whole() bool { return e.Authorize != "" && e.Token != "" && e.JWKS != "" }

// Quirk is a way in which a provider leaves the standards.
type Quirk string

// The quirks.
const (
	QuirkLogoutURI      Quirk = "logout_uri"       // sign-out takes client_id and logout_uri alone
	QuirkHintWantsHTTPS Quirk = "hint_wants_https" // sign-out with an ID token takes no http address to come back to
	QuirkScopeAtToken   Quirk = "scope_at_token"   // the scopes must be repeated with the code
	QuirkNoPromptLogin  Quirk = "no_prompt_login"  // prompt=login is refused; select_account is the nearest
	QuirkOfflineRole    Quirk = "offline_role"     // offline_access fails the sign-in of a person without the right to it
	QuirkSessionRefresh Quirk = "session_refresh"  // without offline_access, a refresh token ends with the browser's session
	QuirkLastingRefresh Quirk = "lasting_refresh"  // every refresh token outlives the browser's session
)

// Has reports whether the tool's provider has the quirk.
func (t Tool) Has(q Quirk) bool { return slices.Contains(t.Quirks, q) }

// Issuers returns the patterns of what the tool's provider may call itself.
func (t Tool) Issuers() []string {
	if len(t.ExpectIssuers) > 0 {
		return t.ExpectIssuers
	}
	return []string{t.Issuer}
}

// TokenOnly reports whether the token endpoint is all that the tool's provider
// is asked: a service account whose settings name it. Its Issuer is then no
// place to look for anything.
func (t Tool) TokenOnly() bool { return t.Grant == GrantService && t.Endpoints.Token != "" }

// AsksOffline reports whether the tool asks for offline access, which several
// providers make the condition for a refresh token (OpenID Connect Core 1.0
// section 11).
func (t Tool) AsksOffline() bool { return slices.Contains(t.Scopes, "offline_access") }

// Account is who signed in, as the verified ID token says.
type Account struct {
	Issuer   string `json:"issuer"`
	Subject  string `json:"subject"`
	Name     string `json:"name,omitempty"`
	Username string `json:"username,omitempty"` // preferred_username, upn or unique_name
	Email    string `json:"email,omitempty"`
}

// Label is the account in the fewest words that a person recognises.
func (a Account) Label() string {
	for _, s := range []string{a.Email, a.Username, a.Name, a.Subject} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Hint is the account's name for the `login_hint` parameter (OpenID Connect
// Core 1.0 section 3.1.2.1), or empty.
func (a Account) Hint() string {
	if a.Username != "" {
		return a.Username
	}
	return a.Email
}

// Tokens is one answer of a provider's token endpoint with its times. All
// times are wall clock without a monotonic part, so that a laptop that slept
// compares them rightly.
type Tokens struct {
	Access  Secret
	Refresh Secret // empty when the provider gave none
	ID      Secret // the last ID token, kept for sign-out; empty when none
	Type    string // always "Bearer"

	Account       Account
	Scopes        []string  // granted, as the provider said; nil when it did not say
	SignedInAt    time.Time // when a person last signed in
	IssuedAt      time.Time // when this access token arrived
	Expiry        time.Time // the access token's end; never zero
	RefreshExpiry time.Time // the refresh token's known end, or zero

	// Nonce and AuthTime are what the sign-in's ID token said of itself. A
	// refreshed one may leave them out, and may not say something else.
	Nonce    Secret    // empty when nobody noted it
	AuthTime time.Time // zero when the provider did not say

	// RefreshUnproven marks a refresh token that came in an answer which was not
	// verified, or not yet, or whose own answer was refused: the rest of the set is
	// older, and the next answer has to prove by its ID token whose it is.
	RefreshUnproven bool

	// RefreshEndFixed is set once a refresh was seen to leave RefreshExpiry
	// where it was: then it is the end of the session, not of this token.
	RefreshEndFixed bool

	// RefreshRefused is set once the provider refused the refresh token for
	// good; the token is then deleted, and the reason outlives a restart.
	RefreshRefused bool
	// Refusal is why the last refresh brought nothing for good, as a person was
	// told: what the provider refused, or what was refused of its answer. Nil
	// after a success, and where nobody noted it. It holds no secret and no cause.
	Refusal *Error
	// AnswerLost is set with RefreshRefused when the answer to an earlier
	// refresh never arrived: by the provider's count the token was spent.
	AnswerLost bool

	// Asked are the scopes that the sign-in asked for; nil when nobody noted them.
	Asked []string
	// Client is the client that the tokens were issued to; empty when nobody noted
	// it.
	Client string
	// Set is random and new for each sign-in, and kept over refreshes.
	Set string
	// Unverified marks an answer to a refresh that still has to be checked. It is
	// handed to nobody, and never stored.
	Unverified bool
}

// Valid reports whether the access token may be handed out at now for at
// least min longer.
func (t *Tokens) Valid(now time.Time, min time.Duration) bool {
	return t != nil && t.Access != "" && !t.Unverified && t.Expiry.Round(0).Sub(now.Round(0)) > min
}

// IsLoopbackHost reports whether host is this machine's loopback interface, the
// only place where plain http is allowed (RFC 8252 section 8.3).
func IsLoopbackHost(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.") && strings.Trim(host, "0123456789.") == ""
}

// BadURL is for an address that must not be called; why completes "the address …".
func BadURL(address, why string) *Error {
	return &Error{
		Kind: KindSetup,
		Code: CodeBadURL,
		What: "the address " + Quote(address) + " " + why,
		Do:   "use an https address",
		Who:  WhoSetup,
	}
}
