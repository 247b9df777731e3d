// Package explain turns a provider's refusal into plain words: what happened,
// who must act, and what to do.
//
// It owns one table, whose rows stand in a file for each provider and in
// standard.go, and how a refusal is matched to a row of it. It must never decide what an error means for a
// session: numbers and descriptions change without notice, so that is decided
// by the standard `error` code alone, and the table only chooses words. It does
// no work before it is asked, so that programs which meet no error pay nothing.
package explain

import (
	"slices"
	"strings"

	"keyfob/auth"
)

// Refusal is what a provider said, and who asked. Only Error is always there.
type Refusal struct {
	Error       string  // RFC 6749 sections 4.1.2.1 and 5.2
	Description string  // error_description; the caller has made sure that it repeats no secret
	Suberror    string  // suberror, error_subcode or error_subtype
	Numbers     []int64 // error_codes, Entra ID's numbers without their prefix
	Trace       string  // trace_id
	Correlation string  // correlation_id
	Time        string  // timestamp
	Issuer      string  // the provider's
	ClientID    string  // ours
}

// Help is a refusal in plain words, in the manner of [auth.Error].
type Help struct {
	What, Do string
	Who      auth.Who
	Detail   string // the provider's own words, where the table has only general ones
	Ref      string // error number, trace ID, correlation ID and time, as far as the provider gave them
	Link     string // for the administrator, where consent is the matter
}

// row is one line of the table. A refusal matches if it has all that the row
// names; of several rows the first one counts, so special ones stand before
// general ones. Rows hold constants only, which costs nothing at start-up.
type row struct {
	err  string // error codes, separated by spaces; any of them
	nums string // numbers with their prefix, separated by spaces; any of them
	sub  string // suberrors, separated by spaces; any of them
	text string // in lower case: part of the error or its description
	at   string // part of the issuer

	who      auth.Who
	what, do string

	consent bool // an administrator's consent fixes it
	general bool // says so little that the provider's words belong beside it
}

// Find returns the words for r. Where the table has none, found is false and
// help holds what could be read from r all the same.
func Find(r Refusal) (help Help, found bool) {
	nums := r.numbers()
	help.Ref = r.reference(nums)
	said := strings.ToLower(r.Error + " " + r.Description)
	for _, t := range tables() {
		for i := range t {
			if t[i].matches(r, nums, said) {
				return help.fill(r, &t[i]), true
			}
		}
	}
	help.Detail = detail(r.Description)
	return help, false
}

// tables are all rows in the order in which they are tried.
func tables() [9][]row {
	return [...][]row{entra[:], b2c[:], adfs[:], keycloak[:], google[:], auth0[:], okta[:], cognito[:], standard[:]}
}

func (w *row) matches(r Refusal, nums []string, said string) bool {
	return (w.err == "" || word(w.err, r.Error)) &&
		(w.nums == "" || slices.ContainsFunc(nums, func(n string) bool { return word(w.nums, n) })) &&
		(w.sub == "" || word(w.sub, r.Suberror)) &&
		(w.text == "" || strings.Contains(said, w.text)) &&
		(w.at == "" || strings.Contains(r.Issuer, w.at))
}

// word reports whether w is one of the words.
func word(words, w string) bool { return w != "" && slices.Contains(strings.Fields(words), w) }

func (h Help) fill(r Refusal, w *row) Help {
	h.What, h.Do, h.Who = w.what, w.do, w.who
	if w.consent {
		h.Link = consentLink(r.Issuer, r.ClientID)
	}
	if w.general {
		h.Detail = detail(r.Description)
	}
	return h
}

// detail is the description as it may be shown, without the identifiers that
// the reference holds.
func detail(description string) string {
	for _, name := range []string{traceName, correlationName, timeName} {
		if i := indexFold(description, name); i >= 0 {
			description = description[:i]
		}
	}
	if description = strings.TrimSpace(description); description == "" {
		return ""
	}
	return auth.Quote(description)
}
