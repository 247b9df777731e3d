package loopback

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"keyfob/auth"
)

// tries is how many random ports are tried when "localhost" needs the same
// port on both loopback addresses and somebody holds one of the two.
const tries = 16

// place is where to listen for the answer.
type place struct {
	redirect *url.URL // as registered
	hosts    []string // the addresses, as IP addresses
	ports    []int    // to try in this order; empty for any
}

// parseRedirect checks the registered redirect URI and finds where to listen.
func parseRedirect(o Options) (place, error) {
	bad := func(why string) (place, error) {
		return place{}, &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeBadRedirect, Who: auth.WhoSetup,
			What: "the redirect address " + auth.Quote(o.Redirect) + " " + why,
			Do:   "use one such as http://127.0.0.1/callback",
		}
	}
	u, err := url.Parse(o.Redirect)
	switch {
	case err != nil:
		return bad("is not a URL")
	case u.Scheme != "http":
		return bad("is not plain http, which a listener on this machine needs")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(o.Redirect, "#"):
		return bad("has more than a host and a path")
	}
	p := place{redirect: u, ports: o.Ports}
	switch u.Host[:len(u.Host)-len(portSuffix(u))] {
	case "127.0.0.1":
		p.hosts = []string{"127.0.0.1"}
	case "[::1]":
		p.hosts = []string{"::1"}
	case "localhost":
		p.hosts = []string{"127.0.0.1", "::1"}
	default:
		return bad("is not on 127.0.0.1, [::1] or localhost")
	}
	if u.Port() != "" {
		if len(p.ports) > 0 {
			return bad("has a port beside the list of ports")
		}
		n, _ := strconv.Atoi(u.Port())
		p.ports = []int{n}
	} else if strings.HasSuffix(u.Host, ":") {
		return bad("has an empty port")
	}
	for _, port := range p.ports {
		if port < 1 || port > 65535 {
			return bad("has a port that is not between 1 and 65535")
		}
	}
	return p, nil
}

func portSuffix(u *url.URL) string {
	if p := u.Port(); p != "" {
		return ":" + p
	}
	return ""
}

// bind opens one socket per host, all on the same port: the first of the ports
// where that works, or a random one when there is no list.
func (at place) bind(ctx context.Context) (sockets []net.Listener, port int, err error) {
	ports := at.ports
	if len(ports) == 0 {
		ports = make([]int, tries) // port 0: the system chooses
	}
	var last error
	for _, p := range ports {
		sockets, port, err := bindPort(ctx, at.hosts, p)
		if err == nil {
			return sockets, port, nil
		}
		if ctx.Err() != nil {
			return nil, 0, canceled(ctx.Err())
		}
		last = err
	}
	what, do := "no port on this machine could be opened for the answer", "look for a security program that forbids it"
	if ports[0] != 0 {
		what = "none of the ports " + list(ports) + " on this machine is free for the answer"
		do = "end the program that uses one of them, or allow other ports in the settings and at the provider"
	}
	return nil, 0, &auth.Error{Kind: auth.KindFailed, Code: auth.CodePortsBusy, What: what, Do: do, Who: auth.WhoYou, Err: last}
}

func bindPort(ctx context.Context, hosts []string, port int) (sockets []net.Listener, got int, err error) {
	lc := net.ListenConfig{Control: exclusive}
	for i, h := range hosts {
		network := "tcp4"
		if strings.Contains(h, ":") {
			network = "tcp6"
		}
		l, err := lc.Listen(ctx, network, net.JoinHostPort(h, strconv.Itoa(port)))
		if err != nil && i > 0 && noSuchAddress(err) {
			continue // a machine without IPv6: its "localhost" is 127.0.0.1 alone
		}
		if err != nil {
			for _, open := range sockets {
				_ = open.Close()
			}
			return nil, 0, err
		}
		port = l.Addr().(*net.TCPAddr).Port
		sockets = append(sockets, l)
	}
	return sockets, port, nil
}

func noSuchAddress(err error) bool {
	return errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) || errors.Is(err, errNoAddress)
}

func list(ports []int) string {
	var s []string
	for _, p := range ports {
		s = append(s, strconv.Itoa(p))
	}
	return strings.Join(s, ", ")
}
