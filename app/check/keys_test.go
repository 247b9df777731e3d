package check_test

import (
	"net/http"
	"strings"
	"testing"

	"keyfob/app/check/report"
	"keyfob/auth"
	"keyfob/auth/authtest"
)

func TestKeys(t *testing.T) {
	rs, es := authtest.NewSigner("RS256", "rs"), authtest.NewSigner("ES256", "es")
	member := func(name, value string) authtest.Member { return authtest.Member{Name: name, JSON: value} }
	for name, tt := range map[string]struct {
		keys, text string
		result     report.Result
	}{
		"certificates alone": {`{"kty":"RSA","x5c":["MIIB"]}`, "key 1 cannot be used: it is not a bare key, without n", report.Failed},
		"one of them is": {
			es.RawJWK() + `,{"kty":"RSA","x5t":"a"}`, "1 bare key; key 2 cannot be used: it is not a bare key",
			report.OK,
		},
		"symmetric":            {`{"kty":"oct","k":"a"}`, `its kind is "oct"`, report.Failed},
		"for encryption":       {rs.RawJWK(member("use", `"enc"`)), "no key that can be used", report.Failed},
		"none":                 {``, "no key that can be used", report.Failed},
		"two, one to encrypt":  {rs.RawJWK() + "," + es.RawJWK() + `,{"kty":"RSA","use":"enc"}`, "2 bare keys", report.OK},
		"with its certificate": {rs.RawJWK(member("x5c", `["MIIB"]`)), "1 bare key", report.OK},
		"broken":               {`{"kty":"RSA","n":"a","e":"AQAB"}`, "cannot be read", report.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			if got := keysRow(t, `{"keys":[`+tt.keys+`]}`); got.Result != tt.result || !strings.Contains(got.Text, tt.text) {
				t.Errorf("%+v", got)
			}
		})
	}
	for body, text := range map[string]string{
		`{"keys":7}`: "no list of keys", `{}`: "no list of keys", `{"Keys":[]}`: "no list of keys",
		`certificate`: "cannot be fetched",
	} {
		if got := keysRow(t, body); got.Result != report.Failed || !strings.Contains(got.Text, text) {
			t.Errorf("%s: %+v", body, got)
		}
	}
}

// keysRow returns the row about a key set.
func keysRow(t *testing.T, body string) report.Row {
	t.Helper()
	f, issuer := provider(t)
	f.Set("/jwks", authtest.Answer(http.StatusOK, body, "Content-Type", "application/json"))
	r, err := run(t, auth.Tool{Issuer: issuer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return row(t, r, "keys")
}

// TestKeysAsASignInReadsThem: what a sign-in uses counts here, and what it
// leaves out does not.
func TestKeysAsASignInReadsThem(t *testing.T) {
	for _, alg := range []string{"RS256", "ES256"} {
		s := authtest.NewSigner(alg, "mine")
		for name, member := range authtest.OddMembers() {
			if got := keysRow(t, `{"keys":[`+s.RawJWK(member)+`]}`); got.Result != report.OK || got.Text != "1 bare key" {
				t.Errorf("%s with %s: %+v", alg, name, got)
			}
		}
		for name, bad := range authtest.BadKeys() {
			if got := keysRow(t, `{"keys":[`+bad+`,`+s.RawJWK()+`]}`); got.Result != report.OK ||
				!strings.HasPrefix(got.Text, "1 bare key; key 1 cannot be used: ") {
				t.Errorf("%s beside %s: %+v", alg, name, got)
			}
			if got := keysRow(t, `{"keys":[`+bad+`]}`); got.Result != report.Failed {
				t.Errorf("%s alone: %+v", name, got)
			}
		}
	}
}

// TestByteOrderMarks before what the provider publishes are no fault of it.
func TestByteOrderMarks(t *testing.T) {
	f, issuer := provider(t)
	for _, path := range []string{discovery, "/jwks"} {
		f.Set(path, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			_, _ = w.Write([]byte("\xef\xbb\xbf"))
			next.ServeHTTP(w, r)
		})
	}
	if r, err := run(t, auth.Tool{Issuer: issuer}, nil); err != nil || r.Verdict != report.Compatible {
		t.Errorf("%+v, %v", r, err)
	}
}
