package oidc

import (
	"cmp"
	"crypto/subtle"
	"net/url"

	"keyfob/auth"
	"keyfob/auth/explain"
)

// maxCode is the longest authorization code that is taken, in bytes.
const maxCode = 16 << 10

// CheckCallback holds the answer q to req against RFC 6749 section 4.1.2 and RFC
// 9207, and returns the authorization code. It makes no request.
//
// What the answer is made of may come once only (RFC 6749 section 3.1): two
// readers could disagree on which one counts. What else a provider sends is no
// concern of ours.
//
// An issuer in the answer must be the tool's own, also beside an error, and must
// be there if the provider said that it sends one. One that is right is taken
// from a provider that did not say so (section 2.4 leaves that to the client):
// it proves more than the answer without one, which is taken as well.
//
// Errors: KindDenied, KindSignIn, KindSetup, KindTransient or KindFailed for
// what the provider's error code says, KindProtocol for an answer that breaks a
// rule.
func (c *Client) CheckCallback(req *Request, q url.Values) (code auth.Secret, err error) {
	const do = "sign in again"
	for _, name := range []string{"code", "state", "iss", "error"} {
		if len(q[name]) > 1 {
			return "", refused(auth.CodeCallbackDuplicate, "the provider's answer in the browser says "+name+" twice", do, nil)
		}
	}
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(req.State.Reveal())) != 1 {
		return "", refused(auth.CodeCallbackState, "the answer in the browser belongs to no sign-in", do, nil)
	}
	secrets := []auth.Secret{req.State, req.nonce, req.verifier, auth.Secret(q.Get("code"))}
	switch iss := q.Get("iss"); {
	case q.Has("iss") && !auth.MatchIssuer(req.metadata.Issuer, iss):
		what := "the answer in the browser came from another provider"
		if !leaks(iss, secrets) {
			what += ", " + auth.Quote(iss)
		}
		return "", refused(auth.CodeCallbackIssuer, what, do, nil)
	case !q.Has("iss") && req.metadata.SendsIssuer:
		return "", refused(auth.CodeCallbackIssuer, "the answer in the browser does not say which provider it came from", do, nil)
	}
	code = auth.Secret(q.Get("code"))
	switch {
	case q.Get("error") != "":
		return "", providerError(explain.Refusal{
			Error: q.Get("error"), Description: q.Get("error_description"), Suberror: cmp.Or(q.Get("error_subcode"), q.Get("suberror")),
			Issuer: req.metadata.Issuer, ClientID: req.tool.ClientID,
		}, secrets...)
	case code == "":
		return "", refused(auth.CodeCallbackCode, "the answer in the browser holds no code", do, nil)
	case len(code) > maxCode || !printable(code.Reveal()):
		return "", refused(auth.CodeCallbackCode, "the code in the browser's answer is malformed", do, nil)
	}
	return code, nil
}

// printable reports whether s is made of VSCHAR alone (RFC 6749 appendix A).
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
