package app_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
)

// unseen is every character that steers a terminal, breaks a line, turns the
// direction of writing or looks like nothing, each but NUL and line ends, which
// no settings and no JSON can hold as they are.
func unseen() string {
	var b strings.Builder
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if utf8.ValidRune(r) &&
			unicode.In(
				r,
				unicode.Cc,
				unicode.Cf,
				unicode.Zl,
				unicode.Zp,
				unicode.Bidi_Control,
				unicode.Other_Default_Ignorable_Code_Point,
			) &&
			r < 0xe0080 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// TestHostileText has a provider, a settings file and a file of ThingWorx's full
// of such characters, and looks at all that the program prints of them.
func TestHostileText(t *testing.T) {
	var seen int
	t.Cleanup(func() { // the script runs beside other tests
		if seen == 0 {
			t.Error("nothing was looked at")
		}
	})
	testscript.Run(t, testscript.Params{
		Files: []string{"testdata/hostile.txtar"},
		Setup: func(env *testscript.Env) error {
			if err := setup(env); err != nil {
				return err
			}
			issuer, other, err := hostileProvider(env)
			if err != nil {
				return err
			}
			env.Setenv("ISSUER", issuer)
			env.Setenv("OTHER", other)
			h := unseen()
			quoted := strings.NewReplacer("\\", "\\\\", "\"", "\\\"").Replace(strings.Map(func(r rune) rune {
				if r < ' ' || r == 0x7f {
					return -1 // which TOML and JSON refuse
				}
				return r
			}, h))
			for name, text := range map[string]string{
				"bad.toml": "[tools.bad]\nname = \"" + quoted + "\"\nissuer = \"https://x.example.com\"\nclient_id = \"x\"\n" +
					"[tools.\"" + quoted + "\"]\nissuer = \"x\"\n",
				"syntax.toml": quoted + "\n",
				"import.json": `{"` + quoted + `Settings": {"a": 1}, "AuthorizationServersSettings": {"` + quoted +
					`": {"clientId": "<x` + quoted + `>", "` + quoted + `": 1, "authorizeUri": "https://x.example.com/` + quoted +
					`"}, "b` + quoted + `": {"clientId": "x", "clientAuthScheme": "none", ` +
					`"authorizeUri": "https://sso.example.com/as/authorization.oauth2", "` + quoted + `": 1}}}`,
				"names/x" + "\u202e\u009b\u2028" + ".toml": "oops\n",
			} {
				file := filepath.Join(env.WorkDir, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					return err
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"person": person,
			"clean": func(ts *testscript.TestScript, _ bool, args []string) { // what the last command printed, and files
				for _, file := range append([]string{"stdout", "stderr"}, args...) {
					text := ts.ReadFile(file)
					for i, r := range text {
						if r != '\n' && (auth.Unseen(r) || r == utf8.RuneError) {
							ts.Fatalf("%s holds %U: %+q", file, r, text[max(0, i-60):min(len(text), i+20)])
						}
					}
					seen += len(text)
				}
			},
		},
	})
}

// hostileProvider is a real provider that puts such characters wherever it has a
// say, and the address of another that is refused.
func hostileProvider(env *testscript.Env) (issuer, other string, err error) {
	t := env.T().(testing.TB)
	h := unseen()
	p, err := idp.New(
		idp.Config{
			Users:   map[string]auth.Secret{"ann": "pw"},
			Clients: []idp.Client{{ID: "web", Alg: "ES256", Refresh: true}, {ID: "refused"}},
		},
	)
	if err != nil {
		return "", "", err
	}
	faults := authtest.NewFaults(p)
	mine := authtest.NewSigner("ES256", "mine")
	inSub := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1 // which is refused
		}
		return r
	}, h)
	faults.Set("/jwks", authtest.Keys(mine))
	faults.Set("/.well-known/openid-configuration", authtest.RewriteJSON(func(m map[string]any) {
		m["authorization_endpoint"] = m["authorization_endpoint"].(string) + "?x=" + strings.Trim(inSub, "\u00ad") + "\u009b\u0085"
		m["scopes_supported"] = []any{"openid", h}
		m["token_endpoint_auth_methods_supported"] = []any{h, "none"}
		m["id_token_signing_alg_values_supported"] = []any{"ES256", h}
	}))
	token := authtest.RewriteIDToken(func(_, c map[string]any) {
		c["sub"] = "ann" + inSub
		for _, name := range []string{"name", "email", "preferred_username", "upn", "unique_name"} {
			delete(c, name)
		}
	}, mine)
	faults.Set("/token", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if err := r.ParseForm(); err == nil && r.PostForm.Get("client_id") == "refused" {
			body, _ := json.Marshal(
				map[string]string{"error": "invalid_request" + h, "error_description": h, "error_uri": "https://x.example.com/" + h},
			)
			authtest.Answer(400, string(body), "Content-Type", "application/json")(w, r, next)
			return
		}
		token(w, r, next)
	})
	second := authtest.NewFaults(p)
	second.Set(
		"/.well-known/openid-configuration",
		authtest.RewriteJSON(func(m map[string]any) { m["issuer"] = "https://x.example.com/" + h }),
	)
	return authtest.Serve(t, faults), authtest.Serve(t, second), nil
}
