// Package npm runs npm's oidc-provider, an OpenID provider that nobody here
// wrote, for tests. It owns the provider's process, its configuration
// (provider.mjs) and where Node.js is found. It must never be linked into a
// program: it is for tests only.
package npm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// The clients that are always registered, each public and native, with the
// redirect URIs http://127.0.0.1/callback and http://localhost/callback at any
// port. Alg plus an algorithm's name is one more client for each of the nine.
const (
	Native    = "native"           // a refresh token for whoever was granted offline_access
	NoRefresh = "native-norefresh" // never a refresh token
	Rotate    = "native-rotate"    // a new refresh token at each use; reuse ends the grant
	Alg       = "alg-"             // ID tokens signed with the algorithm named after it
)

// Algorithms are the names that follow [Alg].
var Algorithms = [...]string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"}

// minNode is the oldest major version of Node.js that oidc-provider runs on.
const minNode = 20

// Client changes a standard client of the same ID, or adds another public
// native one. Zero fields leave the provider's values.
type Client struct {
	ID         string        `json:"client_id"`
	AccessTTL  time.Duration `json:"-"` // whole seconds; an hour if zero
	RefreshTTL time.Duration `json:"-"` // whole seconds; 14 days if zero
	Refresh    string        `json:"refresh,omitempty"`
	Rotate     bool          `json:"rotate,omitempty"`
	Redirects  []string      `json:"redirect_uris,omitempty"`
	Secret     auth.Secret   `json:"-"`                                      // makes it a confidential client
	Auth       string        `json:"token_endpoint_auth_method,omitempty"`   // client_secret_basic or client_secret_post
	UserInfo   string        `json:"userinfo_signed_response_alg,omitempty"` // signs UserInfo answers
	Service    bool          `json:"-"`                                      // a service account: nobody signs in to it
}

// The values of Client.Refresh.
const (
	RefreshOffline = "offline" // with offline_access, which this provider grants with prompt=consent only
	RefreshAlways  = "always"
	RefreshNever   = "never"
)

// MarshalJSON writes the client as metadata for provider.mjs.
func (c Client) MarshalJSON() ([]byte, error) {
	type plain Client
	all := struct {
		plain
		AccessTTL  int      `json:"access_ttl,omitempty"`
		RefreshTTL int      `json:"refresh_ttl,omitempty"`
		Secret     string   `json:"client_secret,omitempty"`
		Redirects  []string `json:"redirect_uris,omitzero"`
		Responses  []string `json:"response_types,omitzero"`
		Grants     []string `json:"grant_types,omitempty"`
	}{
		plain: plain(c), AccessTTL: int(c.AccessTTL / time.Second), RefreshTTL: int(c.RefreshTTL / time.Second),
		Secret: c.Secret.Reveal(), Redirects: c.Redirects,
	}
	if c.Service {
		all.Redirects, all.Responses, all.Grants = []string{}, []string{}, []string{"client_credentials"}
	}
	return json.Marshal(all)
}

// Config says how the provider differs from the standard one.
type Config struct {
	Clients []Client
	Thin    bool // ID tokens hold no names, which is this provider's own way
	// Front, if set, stands between clients and provider: it gets the
	// provider as a handler and returns what clients talk to.
	Front func(provider http.Handler) http.Handler
}

// Server is a running provider.
type Server struct {
	Issuer string // http://127.0.0.1:port
}

// Start runs a provider until the test ends. Without Node.js or the installed
// packages the test is left out as [authtest.Missing] says.
func Start(t testing.TB, cfg Config) *Server {
	t.Helper()
	authtest.NotShort(t, "it needs a real provider")
	dir := Dir(t)
	node := Node(t)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "oidc-provider")); err != nil {
		authtest.Missing(t, "oidc-provider is not installed; `make test` installs it")
	}

	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, node, "provider.mjs")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NODE_ENV=test")
	var stderr authtest.Buffer
	cmd.Stderr = &stderr
	child := authtest.StartChild(t, cmd)
	t.Cleanup(func() {
		cancel()
		_ = child.End() // it was told to end
		if t.Failed() {
			for line := range strings.Lines(stderr.String()) {
				// What it warns of is wanted here: pages for anybody, nothing kept.
				if !strings.HasPrefix(line, "oidc-provider WARNING:") {
					t.Logf("provider: %s", line)
				}
			}
		}
	})

	var front *front
	input := struct {
		Issuer  string   `json:"issuer,omitempty"`
		Clients []Client `json:"clients,omitempty"`
		Thin    bool     `json:"thin,omitempty"`
	}{Clients: cfg.Clients, Thin: cfg.Thin}
	if cfg.Front != nil {
		front = newFront(t, cfg.Front)
		input.Issuer = front.URL
	}
	if err := json.NewEncoder(child.In).Encode(input); err != nil {
		t.Fatalf("provider: %v\n%s", err, stderr.String())
	}
	line := child.Line(t)
	var ready struct{ Issuer, Address string }
	if err := json.Unmarshal([]byte(line), &ready); err != nil {
		t.Fatalf("provider: %v in %q", err, line)
	}
	if front != nil {
		front.to(t, ready.Address)
	}
	return &Server{Issuer: ready.Issuer}
}

// Introspect asks the provider what it knows of a token (RFC 7662).
func (s *Server) Introspect(ctx context.Context, token auth.Secret) (map[string]any, error) {
	body := strings.NewReader(url.Values{"token": {token.Reveal()}}.Encode())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Issuer+"/token/introspection", body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth("introspect", "introspect-secret")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("introspection: %s", resp.Status)
	}
	var claims map[string]any
	return claims, json.NewDecoder(resp.Body).Decode(&claims)
}

// Dir is the folder of provider.mjs.
func Dir(t testing.TB) string {
	t.Helper()
	return filepath.Join(Root(t), "auth", "authtest", "npm")
}

// Root is the module's folder, found upwards from where the test runs.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = up
	}
}

// Node is the path of a Node.js that is new enough: the system's, or the one
// that .ci/setup.sh installed.
func Node(t testing.TB) string {
	t.Helper()
	arch := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	own := filepath.Join(Root(t), ".ci", "node", "node_modules", "node-linux-"+arch, "bin", "node")
	for _, name := range []string{"node", own} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		out, err := exec.Command(path, "--version").Output()
		if err != nil {
			continue
		}
		major, _, _ := strings.Cut(strings.TrimPrefix(string(out), "v"), ".")
		if n, err := strconv.Atoi(major); err == nil && n >= minNode {
			return path
		}
	}
	authtest.Missing(t, "Node.js %d or newer is not installed; `make test` installs it", minNode)
	return ""
}

// front is a server that listens before the provider does, since the provider
// must be told its issuer.
type front struct {
	*httptest.Server
	target *url.URL
}

func newFront(t testing.TB, wrap func(http.Handler) http.Handler) *front {
	t.Helper()
	f := &front{}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(f.target)
			r.Out.Host = r.In.Host // the provider builds its addresses from it
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("provider: %v", err)
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	}
	f.Server = httptest.NewUnstartedServer(wrap(proxy))
	f.URL = "http://" + f.Listener.Addr().String()
	t.Cleanup(f.Close)
	return f
}

func (f *front) to(t testing.TB, address string) {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	f.target = target
	f.URL = "" // httptest sets it, and refuses one that is set
	f.Start()
}
