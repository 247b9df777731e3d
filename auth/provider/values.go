package provider

import (
	"net/url"
	"strings"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// host reads the name of a server, which people paste in many forms:
// sso.example.com, sso.example.com:8443, https://sso.example.com/. A path is
// kept where the provider may lie under one.
func (d *draft) host(key string, path bool) string {
	v := d.values[key]
	fail := func(why string) string {
		d.fail(key, key+": "+auth.Quote(v)+" "+why, `write it like "`+d.example(key)+`"`)
		return ""
	}
	if strings.HasPrefix(strings.ToLower(v), "http://") {
		return fail("is plain http")
	}
	u, err := weburl.Secure("https://" + strings.TrimPrefix(v, "https://"))
	switch {
	case err != nil || u.RawQuery != "" || u.ForceQuery:
		return fail("is not the name of a server")
	case !path && strings.Trim(u.Path, "/") != "":
		return fail("holds more than the name of a server")
	}
	return strings.ToLower(u.Host) + strings.TrimRight(u.EscapedPath(), "/")
}

// word reads one segment of a path: letters, digits and those of more that the
// provider uses.
func (d *draft) word(key, more string) string {
	v := d.values[key]
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	if strings.Trim(v, letters+more) != "" || strings.Trim(v, ".") == "" && v != "" {
		d.fail(key, key+": "+auth.Quote(v)+" holds a character that is never part of it", `write it like "`+d.example(key)+`"`)
		return ""
	}
	return v
}

func (d *draft) example(key string) string {
	for _, f := range d.Fields {
		if f.Key == key {
			return f.Example
		}
	}
	return ""
}

// under splits an issuer into its origin and the segments of its path.
func under(issuer string) (origin string, segments []string) {
	u, err := url.Parse(issuer)
	if err != nil {
		return "", nil
	}
	return u.Scheme + "://" + u.Host, strings.Split(strings.Trim(u.Path, "/"), "/")
}
