// Package weburl judges addresses of the web that come from settings and
// providers. It is apart from auth since a program that only asks an engine does
// without net/url.
//
// It must never look anything up or connect to anything.
package weburl

import (
	"net/url"
	"strings"

	"keyfob/auth"
)

// IsLoopback reports whether u is a URL on this machine's loopback interface.
func IsLoopback(u *url.URL) bool { return auth.IsLoopbackHost(u.Hostname()) }

// Secure parses s and demands an absolute https URL with a host, or http on
// loopback, without user, fragment, control characters or leading dash.
func Secure(s string) (*url.URL, error) {
	bad := func(why string) (*url.URL, error) { return nil, auth.BadURL(s, why) }
	if s == "" || strings.HasPrefix(s, "-") || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return bad("is not a URL")
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return bad("is not a URL")
	case u.Host == "" || u.Hostname() == "":
		return bad("has no host")
	case strings.ContainsFunc(u.Hostname(), auth.Unseen):
		return bad("has a host with characters that nobody sees")
	case u.User != nil:
		return bad("carries a user name")
	case u.Fragment != "" || strings.HasSuffix(s, "#"):
		return bad("carries a fragment")
	case u.Scheme == "https":
		return u, nil
	case u.Scheme == "http" && IsLoopback(u):
		return u, nil
	case u.Scheme == "http":
		return bad("is plain http, which is allowed on this machine's loopback only")
	}
	return bad("is neither https nor http")
}
