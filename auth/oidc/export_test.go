package oidc

import (
	"context"
	"net"
	"net/http"
)

// LoseNames makes a client of NewHTTPClient's one whose resolver knows no name.
// What the machine's own would say depends on its network.
func LoseNames(h *http.Client) {
	h.Transport.(*limited).base.(*network).base.DialContext = func(_ context.Context, network, address string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(address)
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
}
