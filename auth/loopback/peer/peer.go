// Package peer tells which user of this machine is at the other end of a TCP
// connection on loopback, where every user may connect to every port.
//
// It must never read from the connection, and never take a peer that it cannot
// clearly see for one of ours. Ask as soon as a connection was accepted: of one
// that was closed since, no system remembers whose it was.
package peer

import (
	"net"
	"net/netip"
)

// Who is whose process a connection comes from.
type Who int

// The answers.
const (
	Stranger Who = iota // another user's, or gone, or anything that is not clearly ours
	Ours                // this user's, or the system's own administrator's
	Unknown             // this system does not tell, or the peer is outside of it
)

// Of says whose process is at the other end of c.
func Of(c net.Conn) Who {
	local, remote := endpoint(c.LocalAddr()), endpoint(c.RemoteAddr())
	if !local.IsValid() || !remote.IsValid() {
		return Unknown // no TCP connection
	}
	return whose(c, local, remote)
}

// endpoint is a TCP address in its shortest form: one that is mapped into IPv6
// is the IPv4 one.
func endpoint(a net.Addr) netip.AddrPort {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	at := tcp.AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap().WithZone(""), at.Port())
}
