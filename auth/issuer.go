package auth

import "strings"

// TenantID stands for a tenant's GUID in the issuers of Microsoft's providers,
// also in the metadata that they publish for many tenants.
const TenantID = "{tenantid}"

// MatchIssuer reports whether issuer is what pattern says: the same text, byte
// for byte, or the same with one GUID in lower case in the place of each
// [TenantID].
func MatchIssuer(pattern, issuer string) bool {
	before, _, templated := strings.Cut(pattern, TenantID)
	if !templated {
		return pattern == issuer
	}
	if len(issuer) < len(before)+36 {
		return false
	}
	id := issuer[len(before):][:36]
	return IsGUID(id) && strings.ReplaceAll(pattern, TenantID, id) == issuer
}

// Discovery is where a provider's metadata stands below its issuer, OpenID
// Connect Discovery 1.0 section 4.
const Discovery = "/.well-known/openid-configuration"

// IssuerAt returns the issuer whose metadata stands at address, with or without
// a slash behind it, or else address as it is.
func IssuerAt(address string) string {
	if issuer, ok := strings.CutSuffix(strings.TrimSuffix(address, "/"), Discovery); ok {
		return issuer
	}
	return address
}

// IsGUID reports whether s is a GUID in lower case.
func IsGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c < '0' || c > '9' && c < 'a' || c > 'f':
			return false
		}
	}
	return true
}
