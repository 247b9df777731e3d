package oidc

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/wording"
)

// netError says in plain words what kept an answer from coming.
func (c *Client) netError(ctx context.Context, host string, err error) *auth.Error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	if errors.Is(err, errTooBig) {
		return refused(auth.CodeTooBig, auth.Quote(host)+" sent more than a provider ever should", "check the issuer in the settings", err)
	}
	// Before all else: a name that is not found may be the proxy's.
	if e := proxyError(host, err); e != nil {
		return e
	}
	if e := tlsError(host, err, c.now()); e != nil {
		return e
	}
	by := ""
	if via := (*viaProxy)(nil); errors.As(err, &via) {
		by = " by way of the proxy " + auth.Quote(via.proxy)
	}
	e := &auth.Error{
		Kind: auth.KindTransient, Code: auth.CodeNetwork, Who: auth.WhoWait, Err: err,
		What: "the connection to " + auth.Quote(host) + by + " broke", Do: "check the network",
	}
	var (
		dns     *net.DNSError
		op      *net.OpError
		timeout net.Error
	)
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		e.Code, e.What = auth.CodeDNS, "the name "+auth.Quote(host)+" was not found"
		e.Do = "check the network and the issuer in the settings"
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Code, e.What, e.Do = auth.CodeTimeout, auth.Quote(host)+" did not answer in time", "check the network"
	case errors.As(err, &op) && op.Op == "dial":
		e.Code, e.What = auth.CodeUnreachable, auth.Quote(host)+" cannot be reached"+by
	}
	return e
}

// tlsError is the error of a provider that could not prove who it is, or nil.
// All may pass: it may be the sign-in page of a network, or a bad day of the
// provider's, which must not end a session.
func tlsError(host string, err error, now time.Time) *auth.Error {
	var (
		cert    *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
		ours    *wantedCertificate
	)
	const (
		byClock = ", by this computer's clock"
		clock   = "check this computer's clock, and tell the provider's administrator if it is right"
		portal  = "sign in to the network if it asks for that, or "
	)
	e := &auth.Error{Kind: auth.KindTransient, Code: auth.CodeTLS, Who: auth.WhoYou, Err: err}
	why := ""
	switch {
	case errors.Is(err, errNeedsHTTPS):
		e.Code, e.Who = auth.CodeNeedsHTTPS, auth.WhoSetup
		e.What, e.Do = auth.Quote(host)+" speaks https, and was asked in plain http", "begin the address with https://"
		return e
	case errors.As(err, &ours):
		e.Code, e.Who = auth.CodeTLSCertificate, auth.WhoAdmin
		e.What = auth.Quote(host) + " wants to see a certificate of the client, which Keyfob does not have"
		e.Do = "offer a way in that wants no certificate of the client"
		return e
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		e.Code, e.Who = auth.CodePlainHTTP, auth.WhoSetup
		e.What = auth.Quote(host) + " was asked in https and answered in plain http"
		if !errors.Is(err, http.ErrSchemeMismatch) && string(record.RecordHeader[:]) != "HTTP/" {
			e.What = auth.Quote(host) + " does not speak https"
		}
		e.Do = "check the port of the address; " + portal + "tell the provider's administrator"
		return e
	case errors.As(err, &name):
		e.Code, e.Do = auth.CodeTLSName, "check the address; "+portal+"tell the provider's administrator"
		why = "since its certificate is for " + names(name.Certificate)
		if len(name.Certificate.DNSNames)+len(name.Certificate.IPAddresses) == 0 {
			e.Code, e.Who, e.Do = auth.CodeTLSNoName, auth.WhoAdmin, "install a certificate there that has a subject alternative name"
			why = "since its certificate names no host (it has no subject alternative name)"
		}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && now.Before(invalid.Cert.NotBefore):
		e.Code, e.Do = auth.CodeTLSEarly, clock
		why = "since its certificate is not valid before " + wording.Date(invalid.Cert.NotBefore) + byClock
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		e.Code, e.Do = auth.CodeTLSExpired, clock
		why = "since its certificate expired on " + wording.Date(invalid.Cert.NotAfter) + byClock
	case errors.As(err, &unknown):
		e.Do = portal + "name the company's certificate authority as ca_file"
		why = "since no authority that this computer trusts issued its certificate"
	case errors.As(err, &invalid), errors.As(err, &cert):
		e.Do = portal + "tell the provider's administrator"
		why = "since its certificate is not in order"
	default:
		return nil
	}
	e.What = auth.Quote(host) + " could not prove who it is, " + why
	return e
}

// names are the hosts that a certificate is for, three at most.
func names(c *x509.Certificate) string {
	all := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	more := ""
	if len(all) > 3 {
		all, more = all[:3], " and others"
	}
	for i := range all {
		all[i] = auth.Quote(auth.Line(all[i], maxName))
	}
	return strings.Join(all, ", ") + more
}
