// Package django runs django-oauth-toolkit, an OpenID provider that nobody here
// wrote, for tests. Its metadata stands behind a slash, it gives refresh tokens
// unasked, with Debian 12's libraries no ID token with a refresh, and names
// neither revocation nor, before version 2.3, sign-out. The package owns the provider's process and the small Django
// project around it. It must never be linked into a program: it is for tests
// only.
package django

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/machine"
)

// Person is who can sign in.
const (
	User     = "ada"
	Password = "correct horse"
)

// The clients, each with the redirect URI http://127.0.0.1/callback at any port.
const (
	Native = "native" // public
	Web    = "web"    // confidential, with the secret Secret
	Secret = "s3cret+of/the:client%21"
)

// Config says how the provider differs from the standard one.
type Config struct {
	AccessTTL time.Duration // whole seconds; five minutes if zero
	NoRefresh bool          // no refresh tokens
}

// Server is a running provider.
type Server struct {
	Issuer     string
	Revocation string // which its metadata does not name
	RenewsID   bool   // a refresh gives an ID token, as with oauthlib from 3.3 on
}

// Start runs a provider until the test ends. Without Django the test is left
// out as [authtest.Missing] says.
func Start(t testing.TB, cfg Config) *Server {
	t.Helper()
	authtest.NotShort(t, "it needs a real provider")
	if cfg.AccessTTL == 0 {
		cfg.AccessTTL = 5 * time.Minute
	}
	cmd := exec.Command(python(t), "provider.py")
	cmd.Dir = project(t)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	child := authtest.StartChild(t, cmd)
	t.Cleanup(func() {
		if err := child.End(); err != nil || t.Failed() {
			t.Logf("provider: %v\n%s", err, stderr.String())
		}
	})

	type client struct {
		ID        string   `json:"id"`
		Secret    string   `json:"secret,omitempty"`
		Redirects []string `json:"redirects"`
	}
	redirects := []string{"http://127.0.0.1/callback"}
	input := struct {
		Folder    string   `json:"folder"`
		Access    int      `json:"access"`
		NoRefresh bool     `json:"no_refresh"`
		User      string   `json:"user"`
		Password  string   `json:"password"`
		Clients   []client `json:"clients"`
	}{
		t.TempDir(), int(cfg.AccessTTL / time.Second), cfg.NoRefresh, User, Password,
		[]client{{Native, "", redirects}, {Web, Secret, redirects}},
	}
	if err := json.NewEncoder(child.In).Encode(input); err != nil {
		t.Fatal(err)
	}
	line := child.Line(t)
	var ready struct {
		Issuer   string
		RenewsID bool `json:"renews_id"`
	}
	if err := json.Unmarshal([]byte(line), &ready); err != nil {
		t.Fatalf("provider: %v in %q", err, line)
	}
	return &Server{Issuer: ready.Issuer, Revocation: ready.Issuer + "/revoke_token/", RenewsID: ready.RenewsID}
}

// Tool is a tool for one of the provider's clients.
func (s *Server) Tool(client string) auth.Tool {
	return auth.Tool{
		ID: client, Name: "Plant 4", Provider: "oidc", Issuer: s.Issuer, ClientID: client, ClientAuth: auth.ClientAuthNone,
		Scopes: []string{"openid", "profile", "machines"}, Redirect: "http://127.0.0.1/callback",
	}
}

// Person signs in and allows what is asked for.
func Person() *machine.Person {
	return &machine.Person{Types: map[string]string{"username": User, "password": Password}, Presses: []string{"allow"}}
}

// python is a Python that has django-oauth-toolkit: one on PATH, or else the
// system's, for which Debian's package is.
func python(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		path, err := exec.LookPath(name)
		if err == nil && exec.Command(path, "-c", "import oauth2_provider").Run() == nil {
			return path
		}
	}
	authtest.Missing(t, "django-oauth-toolkit is not installed; `make test` installs it")
	return ""
}

// project is the folder of provider.py.
func project(t testing.TB) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("where the project is cannot be told")
	}
	return filepath.Dir(file)
}
