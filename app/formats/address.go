package formats

import (
	"fmt"
	"strings"

	"keyfob/auth"
)

// callable returns the address in the characters that neither a shell nor curl
// acts on: everything else is percent-encoded, which RFC 3986 section 2.1
// allows anywhere behind the host.
func callable(address string) (string, error) {
	if address == "" {
		return "", &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeNoAddress,
			What: "the tool has no address to call",
			Do:   `give it one in the settings: home = "https://…", or api = "https://…"`,
			Who:  auth.WhoSetup,
		}
	}
	page, _, _ := strings.Cut(address, "#") // a place in the page, which no server is told
	u, err := auth.SecureURL(page)
	if err != nil {
		return "", err
	}
	if strings.Trim(u.Host, hostBytes) != "" {
		return "", &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeBadURL,
			What: "the address " + auth.Quote(address) + " has a host that cannot be called as it is written",
			Do:   "write the host in ASCII",
			Who:  auth.WhoSetup,
		}
	}
	out := u.Scheme + "://" + u.Host + plain(u.EscapedPath())
	if u.RawQuery != "" || u.ForceQuery {
		out += "?" + plain(u.RawQuery)
	}
	return out, nil
}

// hostBytes are those of a name, of a literal IPv6 address and of a port.
const hostBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]"

// plain percent-encodes what is neither unreserved nor a delimiter that a path
// or a query may need (RFC 3986 section 2.2): quotes for the shells, brackets
// and braces for curl, which takes them for a pattern.
func plain(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/%:@$&()*+,;=?", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
