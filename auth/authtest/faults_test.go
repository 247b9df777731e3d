package authtest_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
)

func get(t *testing.T, address string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp, string(b), err
}

func TestFaults(t *testing.T) {
	f := authtest.NewFaults(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Real", "yes")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"expires_in":3600,"name":"real"}`)
	}))
	origin := authtest.Serve(t, f)

	for name, tc := range map[string]struct {
		fault authtest.Fault
		check func(*http.Response, string, error) bool
	}{
		"none": {nil, func(r *http.Response, b string, err error) bool {
			return err == nil && r.StatusCode == 201 && strings.Contains(b, "real")
		}},
		"answer": {authtest.Answer(503, "busy", "Retry-After", "9"), func(r *http.Response, b string, err error) bool {
			return err == nil && r.StatusCode == 503 && b == "busy" && r.Header.Get("Retry-After") == "9"
		}},
		"redirect": {authtest.Redirect(307, "/x"), func(r *http.Response, _ string, err error) bool {
			return err == nil && r.StatusCode == 307 && r.Header.Get("Location") == "/x"
		}},
		"rewrite": {authtest.RewriteJSON(func(m map[string]any) {
			delete(m, "name")
			m["more"] = true
		}), func(r *http.Response, b string, err error) bool {
			return err == nil && r.StatusCode == 201 && r.Header.Get("X-Real") == "yes" && b == `{"expires_in":3600,"more":true}`
		}},
		"cut": {authtest.Cut, func(_ *http.Response, b string, err error) bool {
			return errors.Is(err, io.ErrUnexpectedEOF) && b != "" && !strings.Contains(b, "real")
		}},
		"drop": {authtest.Drop, func(r *http.Response, _ string, err error) bool { return r == nil && err != nil }},
		"huge": {authtest.Huge(1 << 20), func(_ *http.Response, b string, err error) bool {
			return err == nil && len(b) > 1<<20 && json.Valid([]byte(b))
		}},
		"bomb": {authtest.Bomb(1 << 20), func(r *http.Response, b string, err error) bool {
			z, zerr := gzip.NewReader(strings.NewReader(b))
			if err != nil || zerr != nil || r.Header.Get("Content-Encoding") != "gzip" {
				return false
			}
			n, zerr := io.Copy(io.Discard, z)
			return zerr == nil && n > 1<<20 && len(b) < 1<<16
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f.Clear("/a")
			if tc.fault != nil {
				f.Set("/a", tc.fault)
			}
			if r, b, err := get(t, origin+"/a"); !tc.check(r, b, err) {
				t.Errorf("got %v, %.80q, %v", r, b, err)
			}
			if r, b, err := get(t, origin+"/b"); err != nil || r.StatusCode != 201 {
				t.Errorf("another path got %v, %.80q, %v", r, b, err)
			}
		})
	}
	before := f.Seen("/a")
	f.Set("/a", authtest.Times(1, authtest.Answer(500, "")))
	for _, want := range []int{500, 201} {
		if r, _, err := get(t, origin+"/a"); err != nil || r.StatusCode != want {
			t.Errorf("got %v, %v, want %d", r, err, want)
		}
	}
	if got := f.Seen("/a") - before; got != 2 {
		t.Errorf("two requests were seen as %d", got)
	}
	if f.Total() != f.Seen("/a")+f.Seen("/b") {
		t.Errorf("%d requests in all, %d and %d", f.Total(), f.Seen("/a"), f.Seen("/b"))
	}
}

func TestRewriteIDToken(t *testing.T) {
	jwt := authtest.NewSigner("ES256", "real").Sign(map[string]any{"alg": "ES256", "kid": "real"}, map[string]any{"sub": "ada", "iat": 1})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id_token":"`+jwt+`"}`) })
	for _, alg := range []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"} {
		s := authtest.NewSigner(alg, "mine")
		w := httptest.NewRecorder()
		authtest.RewriteIDToken(
			func(_, claims map[string]any) { claims["sub"] = "eve" },
			s,
		)(
			w,
			httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil),
			h,
		)
		var m struct {
			IDToken string `json:"id_token"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		jws, err := jose.ParseSignedCompact(m.IDToken, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
		if err != nil {
			t.Fatalf("%s: %v", alg, err)
		}
		payload, err := jws.Verify(s.JWK())
		if err != nil || string(payload) != `{"iat":1,"sub":"eve"}` || jws.Signatures[0].Header.KeyID != "mine" {
			t.Errorf("%s: %s signed by %q, %v", alg, payload, jws.Signatures[0].Header.KeyID, err)
		}
	}
	if s := authtest.Unsigned().Sign(map[string]any{"alg": "none"}, nil); !strings.HasSuffix(s, ".") {
		t.Errorf("the unsigned token is signed: %q", s)
	}
	mac := authtest.NewMAC("k", []byte("0123456789abcdef0123456789abcdef")).Sign(map[string]any{"alg": "HS256"}, map[string]any{})
	if jws, err := jose.ParseSignedCompact(mac, []jose.SignatureAlgorithm{jose.HS256}); err != nil {
		t.Error(err)
	} else if _, err := jws.Verify([]byte("0123456789abcdef0123456789abcdef")); err != nil {
		t.Error(err)
	}
}

func TestBrowser(t *testing.T) {
	p, err := idp.New(idp.Config{Clients: []idp.Client{{ID: "c"}}, Users: map[string]auth.Secret{"ada": "pw"}})
	if err != nil {
		t.Fatal(err)
	}
	issuer := authtest.Serve(t, p)
	got := make(chan url.Values, 1)
	callback := authtest.Serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.URL.Query() }))
	address := issuer + "/authorize?" + url.Values{
		"client_id": {"c"}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid"},
		"code_challenge": {strings.Repeat("x", 43)}, "code_challenge_method": {"S256"},
	}.Encode()
	b := &authtest.Browser{Person: idp.Person{Username: "ada", Password: "pw"}}
	if err := b.Open(address); err != nil {
		t.Fatal(err)
	}
	if err := b.Wait(); err != nil || (<-got).Get("code") == "" || len(b.Opened()) != 1 {
		t.Errorf("signing in: %v, opened %v", err, b.Opened())
	}
	b = &authtest.Browser{}
	if err := b.Open(address); err != nil {
		t.Fatal(err)
	}
	if err := b.Wait(); err == nil {
		t.Error("a person without a password signed in")
	}
	spy := &spy{TB: t}
	if err := (&authtest.Browser{Forbid: spy}).Open(address); err == nil || !spy.failed {
		t.Errorf("a forbidden browser opens: %v", err)
	}
}

// spy is a test that only notes that it failed.
type spy struct {
	testing.TB
	failed bool
}

func (s *spy) Errorf(string, ...any) { s.failed = true }
