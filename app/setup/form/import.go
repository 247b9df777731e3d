package form

import "keyfob/auth"

// ImportRequest asks for the tools of ThingWorx's settings.
type ImportRequest struct {
	Path       string `json:"path"`
	Take       bool   `json:"take,omitempty"`        // add them; without it the answer says what would be added
	WithSecret bool   `json:"with_secret,omitempty"` // put client secrets into the keychain
}

// ImportResult is what became of a file of ThingWorx's settings, or would become:
// the one result for the command line and the window. It holds facts and codes,
// which [Remark.Text], [Taken.Text] and [Slip.Text] put into words.
type ImportResult struct {
	File    string        `json:"file"` // its path
	Entries []ImportEntry `json:"entries"`
	Slips   []Slip        `json:"slips,omitempty"`   // mistakes that were corrected
	Ignored []string      `json:"ignored,omitempty"` // sections that were passed over
}

// Added counts the tools that the file gives.
func (r ImportResult) Added() (n int) {
	for _, e := range r.Entries {
		if e.Added() {
			n++
		}
	}
	return n
}

// SecretsLeft counts the client secrets that could be taken and were not asked
// for.
func (r ImportResult) SecretsLeft() (n int) {
	for _, e := range r.Entries {
		if e.Added() && e.Secret == SecretLeft {
			n++
		}
	}
	return n
}

// ImportEntry is what becomes of one server in the file.
type ImportEntry struct {
	Name    string   `json:"name"`              // in the file
	Line    int      `json:"line"`              // from 1
	Tool    string   `json:"tool"`              // the ID of the tool that it becomes, or would if nothing were in the way
	Title   string   `json:"title,omitempty"`   // the tool's name
	Skipped *Remark  `json:"skipped,omitempty"` // why no tool comes of it; nil where one does
	Taken   []Taken  `json:"taken,omitempty"`
	Remarks []Remark `json:"remarks,omitempty"` // what to know of a tool that comes of it

	Secret      ImportedSecret `json:"secret,omitempty"`       // what becomes of the client secret
	SecretFault *auth.Error    `json:"secret_fault,omitempty"` // why it could not be stored
}

// Added reports whether a tool comes of the entry.
func (e ImportEntry) Added() bool { return e.Skipped == nil }

// Taken is a value of the file that was taken over.
type Taken struct {
	Key   string `json:"key"`             // in the file
	Value string `json:"value,omitempty"` // what the value was taken for, where its key does not tell
}

// ImportedSecret is what becomes of a client secret in the file.
type ImportedSecret string

// What can become of it. Empty means that there is none to be taken.
const (
	SecretLeft   ImportedSecret = "left"   // it was not asked for, so it was not read
	SecretStored ImportedSecret = "stored" // in the keychain
	SecretFailed ImportedSecret = "failed" // it could not be stored
)

// Remark is something to know about an entry: a code, and the facts that the code
// names. None of them is a secret.
type Remark struct {
	Code      RemarkCode  `json:"code"`
	Key       string      `json:"key,omitempty"`   // in the file
	Value     string      `json:"value,omitempty"` // an address, or a file
	Line      int         `json:"line,omitempty"`  // from 1
	Redirects []string    `json:"redirects,omitempty"`
	Err       *auth.Error `json:"error,omitempty"`
}

// RemarkCode says what a remark is about.
type RemarkCode string

// Why no tool comes of an entry.
const (
	SkippedUnfilled      RemarkCode = "skipped_unfilled"      // Key holds a placeholder that nobody has filled in
	SkippedNoAddress     RemarkCode = "skipped_no_address"    // what Key holds is no address
	SkippedExists        RemarkCode = "skipped_exists"        // the settings have the tool, on Line
	SkippedAdministrator RemarkCode = "skipped_administrator" // an administrator has set the tool up, in the file Value
	SkippedRefused       RemarkCode = "skipped_refused"       // the settings cannot have the tool: Err
)

// What to know of an entry that becomes a tool.
const (
	RemarkGuessedIssuer   RemarkCode = "guessed_issuer"    // the issuer Value is a guess from authorizeUri
	RemarkOldMicrosoft    RemarkCode = "old_microsoft"     // the addresses are those of version 1 of Microsoft's endpoints
	RemarkUnfilled        RemarkCode = "unfilled"          // Key, on Line where that is known, holds a placeholder
	RemarkUnfilledScopes  RemarkCode = "unfilled_scopes"   // mandatoryScopes holds placeholders
	RemarkHomeRefused     RemarkCode = "home_refused"      // what Key holds on Line cannot be the home page: Err
	RemarkTokenOtherHost  RemarkCode = "token_other_host"  // tokenUri lies on another host than authorizeUri
	RemarkTokenNotNeeded  RemarkCode = "token_not_needed"  // the provider's metadata names what tokenUri says
	RemarkUnknownScheme   RemarkCode = "unknown_scheme"    // clientAuthScheme is not known, so form is used
	RemarkSecretInAddress RemarkCode = "secret_in_address" // clientAuthScheme is query; see [Remark.Warns]
	RemarkWebClient       RemarkCode = "web_client"        // the client's redirect URI is ThingWorx's, Value; the tool's are Redirects
	RemarkSecretUnused    RemarkCode = "secret_unused"     // there is a secret, and the client needs none
	RemarkNoSecret        RemarkCode = "no_secret"         // the client needs a secret, and there is none
	RemarkSecretReference RemarkCode = "secret_reference"  // the secret stands in ThingWorx's keystore
	RemarkUnknownKey      RemarkCode = "unknown_key"       // Key means nothing to Keyfob
)

// Warns reports whether what was taken is less safe than it could be.
func (r Remark) Warns() bool { return r.Code == RemarkSecretInAddress }

// Slip is a mistake in a file that was passed over.
type Slip struct {
	Line int      `json:"line"` // from 1
	Code SlipCode `json:"code"`
}

// SlipCode says what the mistake is.
type SlipCode string

// The mistakes.
const (
	SlipNoBraces           SlipCode = "no_braces"            // around everything
	SlipNoLastBrace        SlipCode = "no_last_brace"        // the closing one of everything
	SlipExtraBrace         SlipCode = "extra_brace"          // a closing one
	SlipNoComma            SlipCode = "no_comma"             // behind a value
	SlipExtraComma         SlipCode = "extra_comma"          // between values
	SlipCommaBeforeBrace   SlipCode = "comma_before_brace"   // behind the last value of an object
	SlipCommaBeforeBracket SlipCode = "comma_before_bracket" // behind the last value of a list
	SlipCurlyQuotes        SlipCode = "curly_quotes"
	SlipEscape             SlipCode = "escape"          // a backslash or a control character that JSON does not allow
	SlipBackslashQuote     SlipCode = "backslash_quote" // a backslash before the closing quote
	SlipComment            SlipCode = "comment"
	SlipDots               SlipCode = "dots" // that stand for something left out
)
