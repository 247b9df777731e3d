package formats

import (
	"fmt"
	"strings"

	"keyfob/auth"
)

// callable returns the address in the characters that neither a shell nor curl
// acts on: everything else is percent-encoded, which RFC 3986 section 2.1
// allows anywhere behind the host. It demands what the settings demand of an
// address, and takes it apart by itself: net/url costs a command that prints
// one line more than the rest of it.
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
	scheme, rest, isURL := strings.Cut(page, "://")
	if !isURL || strings.ContainsFunc(page, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return "", auth.BadURL(page, "is not a URL")
	}
	place := len(rest)
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		place = i
	}
	host, loopback, err := callableHost(page, rest[:place])
	if err != nil {
		return "", err
	}
	switch scheme = strings.ToLower(scheme); {
	case scheme == "http" && !loopback:
		return "", auth.BadURL(page, "is plain http, which is allowed on this machine's loopback only")
	case scheme != "http" && scheme != "https":
		return "", auth.BadURL(page, "is neither https nor http")
	}
	path, query, asks := strings.Cut(rest[place:], "?")
	if !escaped(path) {
		return "", auth.BadURL(page, "is not a URL")
	}
	out := scheme + "://" + host + plain(path)
	if asks {
		out += "?" + plain(query)
	}
	return out, nil
}

// callableHost is the host of page, with its port, and whether that is this very
// machine.
func callableHost(page, host string) (_ string, loopback bool, err error) {
	name, port := host, ""
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		name, port = host[:i], host[i+1:]
	}
	literal := strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]")
	if literal {
		name = name[1 : len(name)-1]
	}
	switch {
	case strings.Contains(host, "@"):
		return "", false, auth.BadURL(page, "carries a user name")
	case name == "":
		return "", false, auth.BadURL(page, "has no host")
	case strings.Trim(host, hostBytes) != "":
		return "", false, &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeBadURL,
			What: "the address " + auth.Quote(page) + " has a host that cannot be called as it is written",
			Do:   "write the host in ASCII",
			Who:  auth.WhoSetup,
		}
	case literal && strings.Trim(name, "0123456789abcdefABCDEF:.") != "", literal && !strings.Contains(name, ":"),
		!literal && strings.ContainsAny(name, "[]:"), strings.Trim(port, "0123456789") != "":
		return "", false, auth.BadURL(page, "is not a URL")
	}
	return host, auth.IsLoopbackHost(name), nil
}

// hostBytes are those of a name, of a literal IPv6 address and of a port.
const hostBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]"

// escaped reports whether each percent sign begins an escape.
func escaped(s string) bool {
	for i := range len(s) {
		if s[i] == '%' && (len(s) < i+3 || strings.Trim(s[i+1:i+3], "0123456789abcdefABCDEF") != "") {
			return false
		}
	}
	return true
}

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
