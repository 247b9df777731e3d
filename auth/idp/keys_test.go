package idp_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"keyfob/auth"
	"keyfob/auth/idp"
)

func TestEveryAlgorithmSigns(t *testing.T) {
	algs := []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"}
	cfg := idp.Config{Users: map[string]auth.Secret{"ada": "lovelace"}}
	for _, alg := range algs {
		cfg.Clients = append(cfg.Clients, idp.Client{ID: alg, Alg: alg})
	}
	p, err := idp.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.p = p
	if b.issuer, err = p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	_, body := b.get("/jwks")
	if err := json.Unmarshal([]byte(body), &set); err != nil || len(set.Keys) != 4 {
		t.Fatalf("%d keys, want 4: %v", len(set.Keys), err)
	}
	for _, alg := range algs {
		jws, err := jose.ParseSignedCompact(b.exchange(alg)["id_token"].(string), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
		if err != nil {
			t.Errorf("%s: %v", alg, err)
			continue
		}
		keys := set.Key(jws.Signatures[0].Header.KeyID)
		if len(keys) != 1 || !keys[0].IsPublic() {
			t.Errorf("%s: %d keys", alg, len(keys))
			continue
		}
		if _, err := jws.Verify(keys[0]); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
}

func TestDiscoveryNamesWhatAnswers(t *testing.T) {
	b := newBench(t)
	_, body := b.get("/.well-known/openid-configuration")
	var m map[string]any
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	if m["issuer"] != b.issuer {
		t.Errorf("the issuer is %v, want %s", m["issuer"], b.issuer)
	}
	for name, v := range m {
		u, ok := v.(string)
		if !ok || name == "issuer" {
			continue
		}
		if resp, _ := b.get(strings.TrimPrefix(u, b.issuer)); resp.StatusCode == http.StatusNotFound {
			t.Errorf("%s leads nowhere", name)
		}
	}
}

func claims(t *testing.T, jwt string) map[string]any {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(payload, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
