package form

import (
	"fmt"
	"strings"

	"keyfob/auth"
)

// Text says in a phrase what was taken.
func (t Taken) Text() string {
	switch {
	case t.Value == "":
		return t.Key
	case t.Key == "authorizeUri":
		return t.Key + " (" + t.Value + ")"
	}
	return t.Key + " " + t.Value
}

// Text says what a remark on the entry of this tool says: why there is no tool in
// a clause, anything else in a sentence.
func (r Remark) Text(tool string) string {
	switch r.Code {
	case SkippedUnfilled:
		return "its " + r.Key + " is a placeholder that nobody has filled in"
	case SkippedNoAddress:
		return "its " + r.Key + " is no address"
	case SkippedExists:
		return fmt.Sprintf("there is a tool %s on line %d of the settings already, and nothing is overwritten", tool, r.Line)
	case SkippedAdministrator:
		return fmt.Sprintf("an administrator has set up a tool %s in %s already", tool, r.Value)
	case SkippedRefused:
		return errorOf(r.Err).Error()

	case RemarkGuessedIssuer:
		return "authorizeUri follows no pattern that keyfob knows, so the issuer " + auth.Quote(r.Value) +
			" is a guess: see what `keyfob check " + tool + "` says."
	case RemarkOldMicrosoft:
		return "the addresses are those of the old version 1 of Microsoft's endpoints; " +
			"the tool uses version 2 of the same tenant, where scopes take the place of resource."
	case RemarkUnfilled:
		return r.place() + " is a placeholder that nobody has filled in."
	case RemarkUnfilledScopes:
		return "mandatoryScopes holds placeholders that nobody has filled in."
	case RemarkHomeRefused:
		return r.place() + " was not taken as the home page: " + errorOf(r.Err).What + "."
	case RemarkTokenOtherHost:
		return "tokenUri lies on another host than authorizeUri; the provider's metadata says which is right."
	case RemarkTokenNotNeeded:
		return "tokenUri is not needed, the provider's metadata names it."
	case RemarkUnknownKey:
		return auth.Quote(r.Key) + " means nothing to keyfob."
	}
	return r.clientText(tool)
}

// clientText is [Remark.Text] for remarks about the client.
func (r Remark) clientText(tool string) string {
	switch r.Code {
	case RemarkUnknownScheme:
		return "clientAuthScheme is none of form, header, query and none, so the tool uses form."
	case RemarkSecretInAddress:
		return "clientAuthScheme query sends the secret inside of addresses, which proxies and servers keep in their logs: " +
			`set client_auth to "header" or "form" unless this provider takes nothing else.`
	case RemarkWebClient:
		return "this is ThingWorx's own web client, whose redirect is " + r.Value +
			": register a native client for keyfob, put its client_id into the settings and set client_auth = \"none\"; " +
			"or have the redirect " + strings.Join(r.Redirects, " and ") + " added to this one."
	case RemarkSecretUnused:
		return "clientSecret is not used by a client without authentication."
	case RemarkNoSecret:
		return "there is no clientSecret in the file: `keyfob tools secret " + tool + "` stores it, if this client is to be used."
	case RemarkSecretReference:
		return "clientSecret is a reference into ThingWorx's keystore, not the secret: " +
			"`keyfob tools secret " + tool + "` stores the real one."
	}
	return string(r.Code) // of another version
}

// errorOf is an error that a remark names, which a foreign engine may leave out.
func errorOf(e *auth.Error) *auth.Error {
	if e == nil {
		e = new(auth.Error)
	}
	return e
}

// place names the key, and its line where that is known.
func (r Remark) place() string {
	if r.Line == 0 {
		return r.Key
	}
	return fmt.Sprintf("%s (line %d)", r.Key, r.Line)
}

// Text says in a clause what the mistake is.
func (s Slip) Text() string {
	switch s.Code {
	case SlipNoBraces:
		return "the brace around everything is missing"
	case SlipNoLastBrace:
		return "the last closing brace is missing"
	case SlipExtraBrace:
		return "a closing brace too many"
	case SlipNoComma:
		return "a comma is missing at the end"
	case SlipExtraComma:
		return "a comma too many"
	case SlipCommaBeforeBrace:
		return "a comma too many before the }"
	case SlipCommaBeforeBracket:
		return "a comma too many before the ]"
	case SlipCurlyQuotes:
		return "curly quotes"
	case SlipEscape:
		return "a backslash or a control character that JSON does not allow"
	case SlipBackslashQuote:
		return "a backslash before the closing quote"
	case SlipComment:
		return "a comment"
	case SlipDots:
		return "dots that stand for something left out"
	}
	return string(s.Code) // of another version
}
