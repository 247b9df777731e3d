package authtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"sync"

	"github.com/go-jose/go-jose/v4"
)

// Signer signs JWTs whose header says whatever a test wants. It is written
// without a JOSE library, which would refuse most of that.
type Signer struct {
	alg    string
	kid    string
	public any // nil for none
	sign   func(input []byte) []byte
}

// RSA returns a key that is made once for the whole process. A provider that
// needs none of its own takes it, since making one costs more than all the rest
// of a short test.
var RSA = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })

// NewSigner makes a signer with a new key for one of RS, ES, PS with 256, 384
// or 512. kid names the key, and may be empty.
func NewSigner(alg, kid string) *Signer {
	hash := map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}[alg[2:]]
	digest := func(input []byte) []byte {
		h := hash.New()
		h.Write(input)
		return h.Sum(nil)
	}
	s := &Signer{alg: alg, kid: kid}
	switch alg[:2] {
	case "RS":
		key := must(rsa.GenerateKey(rand.Reader, 2048))
		s.public = &key.PublicKey
		s.sign = func(in []byte) []byte { return must(rsa.SignPKCS1v15(rand.Reader, key, hash, digest(in))) }
	case "PS":
		key := must(rsa.GenerateKey(rand.Reader, 2048))
		s.public = &key.PublicKey
		s.sign = func(in []byte) []byte { return must(rsa.SignPSS(rand.Reader, key, hash, digest(in), nil)) }
	case "ES":
		curve := map[string]elliptic.Curve{"256": elliptic.P256(), "384": elliptic.P384(), "512": elliptic.P521()}[alg[2:]]
		key := must(ecdsa.GenerateKey(curve, rand.Reader))
		s.public = &key.PublicKey
		s.sign = func(in []byte) []byte {
			r, v, err := ecdsa.Sign(rand.Reader, key, digest(in))
			if err != nil {
				panic(err)
			}
			return fixed(curve, r, v)
		}
	default:
		panic("no such algorithm: " + alg)
	}
	return s
}

// fixed is the form of an ECDSA signature in a JWT, RFC 7518 section 3.4.
func fixed(curve elliptic.Curve, r, s *big.Int) []byte {
	n := (curve.Params().BitSize + 7) / 8
	out := make([]byte, 2*n)
	r.FillBytes(out[:n])
	s.FillBytes(out[n:])
	return out
}

// Unsigned makes JWTs of the algorithm "none".
func Unsigned() *Signer {
	return &Signer{alg: "none", sign: func([]byte) []byte { return nil }}
}

// NewMAC makes a signer for HS256 whose key is, say, a public key's bytes.
func NewMAC(kid string, key []byte) *Signer {
	return &Signer{alg: "HS256", kid: kid, sign: func(in []byte) []byte {
		m := hmac.New(sha256.New, key)
		m.Write(in)
		return m.Sum(nil)
	}}
}

// Sign returns a JWT in compact form. It signs with the signer's own key and
// algorithm, whatever header says.
func (s *Signer) Sign(header, claims map[string]any) string {
	in := base64.RawURLEncoding.EncodeToString(must(json.Marshal(header))) + "." +
		base64.RawURLEncoding.EncodeToString(must(json.Marshal(claims)))
	return in + "." + base64.RawURLEncoding.EncodeToString(s.sign([]byte(in)))
}

// JWK is the signer's public key.
func (s *Signer) JWK() jose.JSONWebKey {
	return jose.JSONWebKey{Key: s.public, KeyID: s.kid, Use: "sig"}
}

// Keys is a fault for the key set: it answers with the keys of signers.
func Keys(signers ...*Signer) Fault {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, s := range signers {
		set.Keys = append(set.Keys, s.JWK())
	}
	return Answer(http.StatusOK, string(must(json.Marshal(set))), "Content-Type", "application/json")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("a test's signer: %v", err))
	}
	return v
}
