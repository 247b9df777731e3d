package explain

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// What Microsoft's providers write at the end of a description.
const (
	traceName       = "Trace ID: "
	correlationName = "Correlation ID: "
	timeName        = "Timestamp: "
)

// prefixes of the numbers: Entra ID, Azure AD B2C, AD FS.
const (
	prefixEntra = "AADSTS"
	prefixB2C   = "AADB2C"
	prefixADFS  = "MSIS"
)

// numbers returns the error numbers with their prefixes, those of the
// description first.
func (r Refusal) numbers() []string {
	var all []string
	add := func(n string) {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	for _, prefix := range []string{prefixEntra, prefixB2C, prefixADFS} {
		rest := r.Description
		for len(all) < 8 {
			_, after, ok := strings.Cut(rest, prefix)
			if !ok {
				break
			}
			digits := run(after, "0123456789", 10)
			if digits != "" {
				add(prefix + digits)
			}
			rest = after[len(digits):]
		}
	}
	prefix := prefixEntra
	if strings.Contains(r.Issuer, ".b2clogin.com/") {
		prefix = prefixB2C
	}
	for _, n := range r.Numbers[:min(len(r.Numbers), 8)] {
		if n > 0 && n < 1e10 {
			add(prefix + strconv.FormatInt(n, 10))
		}
	}
	return all
}

// reference is what the provider's support finds the refusal by. All of it is
// of narrow alphabets, since it comes from outside.
func (r Refusal) reference(nums []string) string {
	const (
		id   = "0123456789abcdefABCDEF-"
		when = "0123456789-:.TZ "
	)
	parts := slices.Clone(nums)
	for _, p := range []struct{ label, given, name, alphabet string }{
		{"trace ID ", r.Trace, traceName, id},
		{"correlation ID ", r.Correlation, correlationName, id},
		{"", r.Time, timeName, when},
	} {
		value := strings.TrimSpace(run(p.given, p.alphabet, 40))
		if value == "" || value != strings.TrimSpace(p.given) {
			value = ""
			if i := indexFold(r.Description, p.name); i >= 0 {
				value = strings.TrimSpace(run(r.Description[i+len(p.name):], p.alphabet, 40))
			}
		}
		if len(value) >= 8 {
			parts = append(parts, p.label+value)
		}
	}
	return strings.Join(parts, ", ")
}

// run is the longest beginning of s, of at most limit bytes, in the alphabet.
func run(s, alphabet string, limit int) string {
	for i := range len(s) {
		if i == limit || strings.IndexByte(alphabet, s[i]) < 0 {
			return s[:i]
		}
	}
	return s
}

// indexFold is strings.Index for an ASCII part, whatever the case.
func indexFold(s, part string) int {
	for i := 0; i+len(part) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

// consentLink is where an administrator of Entra ID consents to the client for
// the whole organisation, or empty for another provider. An issuer for more
// than one organisation leaves it to the administrator's own sign-in which.
func consentLink(issuer, client string) string {
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(issuer))
	if err != nil || client == "" {
		return ""
	}
	host := u.Hostname()
	if host == "sts.windows.net" { // the issuer of the first version's tokens
		host = "login.microsoftonline.com"
	}
	if !slices.Contains([]string{"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"}, host) {
		return ""
	}
	tenant, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	switch {
	case tenant == "" || strings.Trim(tenant, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-") != "":
		return ""
	case tenant == "common" || tenant == "tenantid":
		tenant = "organizations"
	}
	return "https://" + host + "/" + tenant + "/adminconsent?client_id=" + url.QueryEscape(client)
}
