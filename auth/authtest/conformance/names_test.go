package conformance_test

// suite holds the names of all tests for relying parties in the Foundation's
// conformance suite, and the plans that they are in.
var suite = []struct{ name, plans string }{
	{"oidcc-client-test", "basic, form post"},
	{"oidcc-client-test-invalid-iss", "basic, form post"},
	{"oidcc-client-test-missing-sub", "basic, form post"},
	{"oidcc-client-test-invalid-aud", "basic, form post"},
	{"oidcc-client-test-missing-aud", "comprehensive"},
	{"oidcc-client-test-missing-iat", "basic, form post"},
	{"oidcc-client-test-kid-absent-single-jwks", "basic, form post"},
	{"oidcc-client-test-kid-absent-multiple-jwks", "basic, form post"},
	{"oidcc-client-test-idtoken-sig-rs256", "basic, form post"},
	{"oidcc-client-test-idtoken-sig-none", "basic, config, form post"},
	{"oidcc-client-test-invalid-sig-rs256", "basic, form post"},
	{"oidcc-client-test-invalid-sig-es256", "comprehensive"},
	{"oidcc-client-test-invalid-sig-hs256", "comprehensive"},
	{"oidcc-client-test-nonce-invalid", "basic, form post"},
	{"oidcc-client-test-nonce-unless-code-flow", "comprehensive"},
	{"oidcc-client-test-invalid-athash", "comprehensive, for other flows"},
	{"oidcc-client-test-missing-athash", "comprehensive"},
	{"oidcc-client-test-invalid-chash", "comprehensive"},
	{"oidcc-client-test-missing-chash", "comprehensive"},
	{"oidcc-client-test-client-secret-basic", "basic, form post"},
	{"oidcc-client-test-mtls-endpoint-aliases", "comprehensive"},
	{"oidcc-client-test-scope-userinfo-claims", "basic, form post"},
	{"oidcc-client-test-userinfo-invalid-sub", "basic, form post"},
	{"oidcc-client-test-userinfo-bearer-header", "comprehensive"},
	{"oidcc-client-test-userinfo-bearer-body", "comprehensive"},
	{"oidcc-client-test-userinfo-signed", "dynamic"},
	{"oidcc-client-test-aggregated-claims", "comprehensive"},
	{"oidcc-client-test-distributed-claims", "comprehensive"},
	{"oidcc-client-test-form-post-error", "form post"},
	{"oidcc-client-test-discovery-openid-config", "config"},
	{"oidcc-client-test-discovery-jwks-uri-keys", "config"},
	{"oidcc-client-test-discovery-issuer-mismatch", "config"},
	{"oidcc-client-test-discovery-webfinger-acct", "dynamic"},
	{"oidcc-client-test-discovery-webfinger-url", "dynamic"},
	{"oidcc-client-test-dynamic-registration", "dynamic"},
	{"oidcc-client-test-signing-key-rotation", "config"},
	{"oidcc-client-test-signing-key-rotation-just-before-signing", "config"},
	{"oidcc-client-test-request-uri-signed-none", "dynamic"},
	{"oidcc-client-test-request-uri-signed-rs256", "dynamic"},
	{"oidcc-client-test-refresh-token", "refresh token"},
	{"oidcc-client-test-refresh-token-invalid-issuer", "refresh token"},
	{"oidcc-client-test-refresh-token-invalid-sub", "refresh token"},
	{"oidcc-client-test-3rd-party-init-login", "third-party login"},
	{"oidcc-client-test-rp-init-logout", "RP-initiated logout"},
	{"oidcc-client-test-rp-init-logout-no-state", "RP-initiated logout"},
	{"oidcc-client-test-rp-init-logout-other-state", "RP-initiated logout"},
	{"oidcc-client-test-rp-backchannel-rpinitlogout", "back-channel logout"},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-alg-none", "back-channel logout"},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-no-event", "back-channel logout"},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce", "back-channel logout"},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg", "back-channel logout"},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud", "back-channel logout"},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event", "back-channel logout"},
	{"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss", "back-channel logout"},
	{"oidcc-client-test-rp-frontchannel-opinitlogout", "front-channel logout"},
	{"oidcc-client-test-rp-frontchannel-rpinitlogout", "front-channel logout"},
	{"oidcc-client-test-session-management", "session management"},
}

// Why a test is not run.
const (
	otherFlow   = "for flows in which the browser carries tokens; the code flow alone is used"
	noWebServer = "the provider would call the client, and a program on a person's machine has no address for that"
	noRequest   = "request objects are optional for a client, and none is sent"
	noWebFinger = "the issuer is in the settings and is never looked up by a person's address"
	namesOnly   = "of all claims only the account's names are read, and those come from the provider itself"
)

// leftOut holds what is not run.
var leftOut = map[string]string{
	"oidcc-client-test-nonce-unless-code-flow": otherFlow + ", with a nonce as well",
	"oidcc-client-test-missing-athash":         otherFlow + ", where at_hash is optional",
	"oidcc-client-test-invalid-chash":          otherFlow,
	"oidcc-client-test-missing-chash":          otherFlow,
	"oidcc-client-test-mtls-endpoint-aliases":  "clients with a certificate are not supported",
	"oidcc-client-test-userinfo-bearer-body":   "the access token goes into the header, which RFC 6750 section 2 prefers",
	"oidcc-client-test-aggregated-claims":      namesOnly,
	"oidcc-client-test-distributed-claims":     namesOnly,

	"oidcc-client-test-discovery-webfinger-acct": noWebFinger,
	"oidcc-client-test-discovery-webfinger-url":  noWebFinger,
	"oidcc-client-test-dynamic-registration":     "an administrator registers the client, whose ID is in the settings",
	"oidcc-client-test-request-uri-signed-none":  noRequest,
	"oidcc-client-test-request-uri-signed-rs256": noRequest,
	"oidcc-client-test-3rd-party-init-login":     "a web page must not be able to begin a sign-in; a person at the machine begins it",

	"oidcc-client-test-rp-backchannel-rpinitlogout":             noWebServer,
	"oidcc-client-test-rp-backchannel-rpinitlogout-alg-none":    noWebServer,
	"oidcc-client-test-rp-backchannel-rpinitlogout-no-event":    noWebServer,
	"oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce":  noWebServer,
	"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg":   noWebServer,
	"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud":   noWebServer,
	"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event": noWebServer,
	"oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss":   noWebServer,
	"oidcc-client-test-rp-frontchannel-opinitlogout":            noWebServer,
	"oidcc-client-test-rp-frontchannel-rpinitlogout":            noWebServer,
	"oidcc-client-test-session-management":                      "it needs a page of the client's that stays open in the browser",
}
