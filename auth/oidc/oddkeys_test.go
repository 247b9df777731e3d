package oidc_test

import (
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestAKeyIsGoodWithoutItsCertificate: what stands beside a key is not the key.
func TestAKeyIsGoodWithoutItsCertificate(t *testing.T) {
	for _, alg := range []string{"RS256", "ES256"} {
		r := newRig(t)
		r.faults.Set(
			discoveryPath,
			authtest.RewriteJSON(func(m map[string]any) { m["id_token_signing_alg_values_supported"] = []string{alg} }),
		)
		mine := authtest.NewSigner(alg, "mine")
		r.faults.Set("/token", authtest.RewriteIDToken(rehash, mine))
		for name, member := range authtest.OddMembers() {
			t.Run(alg+" with "+name, func(t *testing.T) {
				r.faults.Set("/jwks", authtest.RawKeys(mine.RawJWK(member)))
				r.goesOn(t)
			})
		}
	}
}

// rehash leaves at_hash out, which is of the algorithm that the provider chose.
func rehash(_, claims map[string]any) { delete(claims, "at_hash") }

// TestABadKeySpoilsNoOther puts each sort of bad key before and behind a good
// one, and alone.
func TestABadKeySpoilsNoOther(t *testing.T) {
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/token", authtest.RewriteIDToken(nil, mine))
	for name, bad := range authtest.BadKeys() {
		t.Run(name, func(t *testing.T) {
			r.faults.Set("/jwks", authtest.RawKeys(bad, mine.RawJWK(), bad))
			r.goesOn(t)
			r.client = r.newClient()
			r.faults.Set("/jwks", authtest.RawKeys(bad))
			_, err := r.exchange()
			wantError(t, err, auth.KindProtocol, "no_keys")
			if !strings.Contains(err.Error(), "key 1 cannot be used: it") {
				t.Errorf("%q does not say why", err)
			}
		})
	}
	for name, body := range map[string]string{
		"no list": `{"keys":7}`, "null": `{"keys":null}`, "nothing": `{}`, "miscased": `{"Keys":[` + mine.RawJWK() + `]}`,
		"all for encryption": `{"keys":[` + mine.RawJWK(authtest.Member{Name: "use", JSON: `"enc"`}) + `]}`,
	} {
		r.client = r.newClient()
		r.faults.Set("/jwks", authtest.Answer(200, body, "Content-Type", "application/json"))
		_, err := r.exchange()
		if wantError(t, err, auth.KindProtocol, "no_keys"); t.Failed() {
			t.Fatal(name)
		}
	}
}
