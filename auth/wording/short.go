package wording

import (
	"slices"

	"keyfob/auth"
)

// Short is a problem in at most four words, and empty for what is none: a
// person who cancelled knows it.
func Short(e *auth.Error) string {
	if e == nil {
		return ""
	}
	switch e.Code {
	case auth.CodeSettings:
		return "settings need fixing"
	case auth.CodeCanceled:
		return ""
	case auth.CodeTimeout:
		return "nobody answered"
	case auth.CodeKeychainLocked, auth.CodeKeychainRefused:
		return "keychain locked"
	case auth.CodeKeychainApprove:
		return "keychain asks first"
	case auth.CodeKeychainAsking:
		return "answer the keychain"
	case auth.CodeKeychainWaiting:
		return "unlock the keychain"
	case auth.CodeKeychainAbsent:
		return "no keychain"
	case auth.CodeKeychainSlow:
		return "keychain is slow"
	case auth.CodeKeychainTimeout:
		return "keychain does not answer"
	case auth.CodeKeychainNewer:
		return "stored by newer Keyfob"
	case auth.CodeMandatoryScopes:
		return "scopes missing"
	case auth.CodeScopesChanged:
		return "scopes have changed"
	case auth.CodeOtherClient:
		return "settings have changed"
	case auth.CodeOtherAccount:
		return "another account"
	case auth.CodeClock:
		return "wrong clock"
	case auth.CodeProxy, auth.CodeProxyLogin, auth.CodeProxyDenied:
		return "proxy problem"
	case auth.CodePortsBusy:
		return "port in use"
	case auth.CodeBrowser:
		return "no browser opened"
	}
	if slices.Contains(auth.TLSCodes(), e.Code) {
		return "no secure connection"
	}
	switch e.Kind {
	case auth.KindTransient:
		return "provider unreachable"
	case auth.KindSetup, auth.KindUsage:
		return "setup problem"
	case auth.KindDenied:
		return "sign-in declined"
	case auth.KindGrant:
		return "sign-in refused"
	case auth.KindProtocol:
		return "provider's answer refused"
	case auth.KindKeychain:
		return "keychain unavailable"
	case auth.KindDamaged:
		return "keychain entry damaged"
	case auth.KindCanceled:
		return "sign-in not finished"
	}
	return "sign-in failed"
}
