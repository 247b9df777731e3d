package provider

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keyfob/auth"
)

// RedirectURIs returns what to register as redirect URIs for the tool, with the
// ports where the provider compares them.
func RedirectURIs(tool auth.Tool) []string {
	u, err := url.Parse(tool.Redirect)
	if err != nil || len(tool.Ports) == 0 {
		return []string{tool.Redirect}
	}
	var all []string
	host := u.Host
	for _, p := range tool.Ports {
		u.Host = host + ":" + strconv.Itoa(p)
		all = append(all, u.String())
	}
	return all
}

// hostPlace stands in a redirect URI for the host of a provider that nobody has
// named yet.
const hostPlace = "HOST"

// Redirects are what to register as redirect URIs for a tool of the preset whose
// provider is at host, in the form of redirectHost; none where nothing is
// registered. Without a host it is left open.
func (p Preset) Redirects(host string) []string {
	tool := auth.Tool{Redirect: p.Redirect}
	if p.NoRedirect {
		return nil
	}
	if host == "" || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" {
		host = hostPlace
	}
	if p.OwnPath {
		tool.Redirect += "/" + host
	}
	if p.ExactPort {
		tool.Ports = Ports()
	}
	return RedirectURIs(tool)
}

// redirectHost is how a provider's host stands in the path of a redirect URI
// that is its own: http://127.0.0.1/callback/sso.example.com_8443 for one at
// https://sso.example.com:8443.
//
// Who gets an answer in the browser that does not name its issuer cannot tell
// who sent it. A provider could send the browser on to another one, and would be
// brought the code that this one issued (RFC 9700 section 4.4). That other one
// only sends codes to redirect URIs that are registered there, so it is enough
// that no two providers have the same.
func redirectHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Host)
	if u.Port() == "443" {
		host = strings.TrimSuffix(host, ":443")
	}
	return strings.NewReplacer(":", "_", "[", "", "]", "").Replace(host)
}

// receiver is an address at whoever gets the tool's codes.
func receiver(t auth.Tool) string {
	if t.Endpoints.Token != "" {
		return t.Endpoints.Token
	}
	return t.Issuer
}

// MarkShared notes at each tool which others have its redirect URI at another
// provider, unless both are known to say in their answers who they are.
func MarkShared(tools []auth.Tool) {
	all := make([]answered, len(tools))
	for i, t := range tools { // once for each, and not for each pair
		preset, _ := Find(t.Provider)
		all[i] = answered{t, redirectHost(receiver(t)), strings.TrimSuffix(t.Redirect, "/"), preset.SendsIss}
	}
	for i := range tools {
		tools[i].SharesRedirect = nil
		for _, other := range all {
			if all[i].shares(other) {
				tools[i].SharesRedirect = append(tools[i].SharesRedirect, other.tool.ID)
			}
		}
	}
}

// answered is a tool with what says where its answers come from and go to.
type answered struct {
	tool     auth.Tool
	host     string // of the provider
	redirect string
	sendsIss bool
}

func (a answered) shares(b answered) bool {
	if a.redirect != b.redirect || a.host == b.host || a.sendsIss && b.sendsIss ||
		a.tool.Grant == auth.GrantService || b.tool.Grant == auth.GrantService {
		return false
	}
	// No ports are any port.
	x, y := a.tool.Ports, b.tool.Ports
	return len(x) == 0 || len(y) == 0 || slices.ContainsFunc(x, func(p int) bool { return slices.Contains(y, p) })
}
