package oidc

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"keyfob/auth"
)

// proxies are those that the environment names.
type proxies struct {
	through   func(*url.URL) (*url.URL, error)
	variables map[string]string      // which names the proxy, by the address's scheme
	bad       map[string]*auth.Error // why it cannot be used, by the scheme
}

// find returns the proxy for an address, or nil for none. It fails for one
// whose proxy cannot be used; net/http's own passes over that, and a person is
// left with a network that does not answer.
func (p proxies) find(u *url.URL) (*url.URL, error) {
	proxy, err := p.through(u)
	if err == nil && proxy != nil && p.bad[u.Scheme] != nil {
		e := *p.bad[u.Scheme]
		return nil, &e
	}
	return proxy, err
}

// readProxies reads the environment.
func readProxies(getenv func(string) string) proxies {
	first := func(names ...string) (name, value string) {
		for _, name = range names {
			if value = getenv(name); value != "" {
				return name, value
			}
		}
		return names[0], ""
	}
	p := proxies{variables: map[string]string{}, bad: map[string]*auth.Error{}}
	conf := httpproxy.Config{}
	_, conf.NoProxy = first("NO_PROXY", "no_proxy")
	for scheme, to := range map[string]*string{"https": &conf.HTTPSProxy, "http": &conf.HTTPProxy} {
		variable, value := first(strings.ToUpper(scheme)+"_PROXY", scheme+"_proxy")
		p.variables[scheme], *to = variable, value
		if e := badProxy(variable, value); e != nil {
			p.bad[scheme], *to = e, "http://unusable.invalid" // so that NO_PROXY still counts
		}
	}
	p.through = conf.ProxyFunc()
	return p
}

// badProxy is the error for a value of the environment that names no proxy to
// use, or nil. The value may hold a password, so it is not shown.
func badProxy(variable, value string) *auth.Error {
	if value == "" {
		return nil
	}
	bad := func(why string) *auth.Error {
		return &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeBadProxy, Who: auth.WhoYou,
			What: "the proxy in the environment variable " + variable + " cannot be used, since " + why,
			Do:   "write it as http://host:port or unset the variable, and start keyfob again",
		}
	}
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	switch u, err := url.Parse(value); {
	case err != nil || u.Hostname() == "" || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return bad("it is not an address")
	case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme):
		return bad("it begins with neither http:// nor https:// nor socks5://")
	case u.Port() != "" && !isPort(u.Port()):
		return bad("its port is not one")
	}
	return nil
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// viaProxy is an error of a request that went by way of a proxy.
type viaProxy struct {
	proxy    string // host and port, never the name and password
	variable string // of the environment, that names it
	signedIn bool   // it names a user
	err      error
}

func (v *viaProxy) Error() string { return v.err.Error() }
func (v *viaProxy) Unwrap() error { return v.err }

// Timeout is what [url.Error] asks for.
func (v *viaProxy) Timeout() bool {
	var t net.Error
	return errors.As(v.err, &t) && t.Timeout()
}

// proxyAnswer is the error for a proxy that answered CONNECT with anything but
// a success.
type proxyAnswer struct {
	status int
	ways   []string // how it wants to be authenticated to, in lower case
}

func (p *proxyAnswer) Error() string { return "the proxy answered " + statusText(p.status) }

// proxyAnswered is for [http.Transport.OnProxyConnectResponse].
func proxyAnswered(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	p := &proxyAnswer{status: resp.StatusCode}
	for _, way := range resp.Header.Values("Proxy-Authenticate") {
		name, _, _ := strings.Cut(way, " ")
		p.ways = append(p.ways, strings.ToLower(name))
	}
	return p
}

// proxyError is the error of a proxy, of what it said or of not being there, or
// nil for what is the provider's. host is the provider.
func proxyError(host string, err error) *auth.Error {
	if own := (*auth.Error)(nil); errors.As(err, &own) {
		e := *own // the environment names a proxy that cannot be used
		return &e
	}
	e := &auth.Error{
		Kind: auth.KindTransient,
		Code: auth.CodeProxy,
		Do:   "check the network and the proxy's address",
		Who:  auth.WhoYou,
		Err:  err,
	}
	proxy, signedIn, variable := "", false, "HTTPS_PROXY"
	if via := (*viaProxy)(nil); errors.As(err, &via) {
		proxy, signedIn, variable = " "+auth.Quote(via.proxy), via.signedIn, via.variable
	}
	var (
		said    *proxyAnswer
		op      *net.OpError
		dns     *net.DNSError
		timeout net.Error
		cert    *tls.CertificateVerificationError
	)
	if !errors.As(err, &said) {
		switch {
		case !errors.As(err, &op) || op.Op != "proxyconnect" && op.Op != "socks connect":
			return nil
		case errors.As(err, &dns) && dns.IsNotFound:
			e.What = "the name of the proxy" + proxy + " was not found"
			e.Do = "connect to the company's network if the proxy is there, or unset " + variable
		case op.Op == "socks connect":
			e.What = "the proxy" + proxy + " did not connect to " + auth.Quote(host)
			if op.Err != nil && !errors.Is(op.Err, io.EOF) {
				e.What += " (" + auth.Line(strings.TrimPrefix(op.Err.Error(), "unknown error "), maxName) + ")"
			}
		case errors.As(err, &timeout) && timeout.Timeout():
			e.What = "the proxy" + proxy + " did not answer in time"
		case errors.As(err, &cert):
			e.What = "the proxy" + proxy + " could not prove who it is"
			e.Do = "name the company's certificate authority as ca_file"
		default:
			e.What = "the proxy" + proxy + " cannot be reached"
		}
		return e
	}
	answer := " (" + statusText(said.status) + ")"
	switch said.status {
	case http.StatusProxyAuthRequired:
		e.Code = auth.CodeProxyLogin
		e.What = "the proxy" + proxy + " wants a name and a password" + answer
		e.Do = "write them into " + variable + " as http://name:password@host:port, and start keyfob again"
		switch {
		case len(said.ways) > 0 && !slices.Contains(said.ways, "basic"):
			e.What = "the proxy" + proxy + " wants a sign-in that Keyfob does not know, " + auth.Quote(
				strings.Join(said.ways, ", "),
			) + answer
			e.Do = "ask whoever runs the proxy for another way, or use a local program that signs in to it"
		case signedIn:
			e.What = "the proxy" + proxy + " does not accept the name and password in the environment" + answer
			e.Do = "correct them in " + variable + ", and start keyfob again"
		}
	case http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusUnavailableForLegalReasons:
		e.Code = auth.CodeProxyDenied
		e.What = "the proxy" + proxy + " does not allow connections to " + auth.Quote(host) + answer
		e.Do = "ask whoever runs the proxy to allow it, or add the host to NO_PROXY"
	default:
		e.What = "the proxy" + proxy + " could not connect to " + auth.Quote(host) + answer
		e.Do = "check the address, and ask whoever runs the proxy if it stays"
	}
	return e
}
