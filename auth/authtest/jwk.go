package authtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"time"
)

// Member is a member of a JSON Web Key as it is written there.
type Member struct{ Name, JSON string }

// OddMembers are members beside a key that say nothing about the key itself,
// each of them wrong. Providers publish all of these; what signs with the key
// is good all the same (RFC 7517 section 4).
func OddMembers() map[string]Member {
	another := base64.StdEncoding.EncodeToString(certificate(nil))
	negative := base64.StdEncoding.EncodeToString(certificate(func(der []byte) []byte {
		// The serial number is the first INTEGER of one byte that is 0x2a.
		return []byte(strings.Replace(string(der), "\x02\x01\x2a", "\x02\x01\xaa", 1))
	}))
	bare := base64.StdEncoding.EncodeToString(
		must(x509.MarshalPKIXPublicKey(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)).Public())),
	)
	return map[string]Member{
		"another key's certificate":       {"x5c", `["` + another + `"]`},
		"a negative serial number":        {"x5c", `["` + negative + `"]`},
		"a bare public key as x5c":        {"x5c", `["` + bare + `"]`},
		"an x5c that is not base64":       {"x5c", `["-----BEGIN CERTIFICATE-----"]`},
		"an x5c in base64url":             {"x5c", `["` + strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(another) + `"]`},
		"an empty x5c":                    {"x5c", `[]`},
		"an x5c of empty text":            {"x5c", `[""]`},
		"an x5c that is text":             {"x5c", `"` + another + `"`},
		"an x5c that is a number":         {"x5c", `7`},
		"an x5c that is null":             {"x5c", `null`},
		"an x5t in hex":                   {"x5t", `"1B94532AF4A0F1C0E5A1B94532AF4A0F1C0E5A1B"`},
		"an x5t in base64":                {"x5t", `"+/+/+/+/+/+/+/+/+/+/+/+/+/8="`},
		"a wrong x5t":                     {"x5t", `"AAAAAAAAAAAAAAAAAAAAAAAAAAA"`},
		"an x5t that is a number":         {"x5t", `7`},
		"a wrong x5t#S256":                {"x5t#S256", `"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"`},
		"an x5t#S256 in hex":              {"x5t#S256", `"` + strings.Repeat("1B", 32) + `"`},
		"an x5t#S256 that is null":        {"x5t#S256", `null`},
		"an x5t#S256 that is a list":      {"x5t#S256", `["AAAA"]`},
		"an x5u that is not an address":   {"x5u", `"not an address"`},
		"an x5u that is an object":        {"x5u", `{}`},
		"key_ops that is text":            {"key_ops", `"verify"`},
		"key_ops of numbers":              {"key_ops", `[1,2]`},
		"key_ops that is null":            {"key_ops", `null`},
		"a use that is a list":            {"use", `["sig"]`},
		"a use that is null":              {"use", `null`},
		"a use that is a number":          {"use", `7`},
		"an exp that is text":             {"exp", `"tomorrow"`},
		"a member in another case":        {"KTY", `"oct"`},
		"an issuer that is a number":      {"issuer", `7`},
		"an issuer at a provider of none": {"issuer", `"https://other.example.com"`},
	}
}

// BadKeys are keys that nobody can use, as they are written. None of them is a
// reason to do without the keys beside it.
func BadKeys() map[string]string {
	return map[string]string{
		"an unknown kind":        `{"kty":"Klingon","kid":"bad","use":"sig"}`,
		"a kind that is a list":  `{"kty":["RSA"],"kid":"bad"}`,
		"no kind":                `{"kid":"bad"}`,
		"a curve of another use": `{"kty":"OKP","crv":"Ed448","x":"AAAA","kid":"bad"}`,
		"an odd curve":           `{"kty":"EC","crv":"secp256k1","x":"AAAA","y":"AAAA","kid":"bad"}`,
		"a curve that is null":   `{"kty":"EC","crv":null,"x":"AAAA","y":"AAAA","kid":"bad"}`,
		"a point off its curve": `{"kty":"EC","crv":"P-256","x":"` + strings.Repeat(
			"A",
			43,
		) + `","y":"` + strings.Repeat(
			"A",
			43,
		) + `","kid":"bad"}`,
		"a short coordinate": `{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"bad"}`,
		"a short RSA key": `{"kty":"RSA","n":"` + base64.RawURLEncoding.EncodeToString(
			append([]byte{0x80}, make([]byte, 127)...),
		) + `","e":"AQAB","kid":"bad"}`,
		"an endless RSA key": `{"kty":"RSA","n":"` + base64.RawURLEncoding.EncodeToString(
			append([]byte{0x80}, make([]byte, 4095)...),
		) + `","e":"AQAB","kid":"bad"}`,
		"no modulus":            `{"kty":"RSA","e":"AQAB","kid":"bad","x5c":["AAAA"]}`,
		"a modulus in base64":   `{"kty":"RSA","n":"+/+/","e":"AQAB","kid":"bad"}`,
		"a modulus of a number": `{"kty":"RSA","n":7,"e":65537,"kid":"bad"}`,
		"a secret":              `{"kty":"oct","k":"AAAA","kid":"bad"}`,
		"an object of nothing":  `{}`,
		"a number":              `7`,
		"null":                  `null`,
		"a list":                `[]`,
		"text":                  `"key"`,
	}
}

// RawKeys is a fault for the key set: it answers with the keys as they are
// written.
func RawKeys(keys ...string) Fault {
	return Answer(http.StatusOK, `{"keys":[`+strings.Join(keys, ",")+`]}`, "Content-Type", "application/json")
}

// RawJWK is the signer's public key as it is written, with other members.
func (s *Signer) RawJWK(members ...Member) string {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(must(json.Marshal(s.JWK())), &m); err != nil {
		panic(err)
	}
	for _, with := range members {
		m[with.Name] = json.RawMessage(with.JSON)
	}
	return string(must(json.Marshal(m)))
}

// certificate is a certificate of nobody's, changed by change.
func certificate(change func(der []byte) []byte) []byte {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	c := &x509.Certificate{
		SerialNumber: big.NewInt(0x2a), Subject: pkix.Name{CommonName: "idp.example.com"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	der := must(x509.CreateCertificate(rand.Reader, c, c, key.Public(), key))
	if change != nil {
		der = change(der)
	}
	return der
}
