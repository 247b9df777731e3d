package idp

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"net/http"
	"strings"
	"sync"

	"github.com/go-jose/go-jose/v4"
)

// algs are the algorithms that a client may choose.
var algs = []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"}

// keyring holds one key pair for each kind of key that the clients need, made
// when it is first needed: an RSA key costs more than all the rest of a start.
type keyring struct {
	rsa  *rsa.PrivateKey // nil means a new one
	mu   sync.Mutex
	keys map[string]jose.JSONWebKey // by kind: "RSA" or the curve's algorithm
}

// kindOf says which key signs with alg; RS and PS share one.
func kindOf(alg string) string {
	if strings.HasPrefix(alg, "ES") {
		return alg
	}
	return "RSA"
}

// get returns the private key for alg.
func (k *keyring) get(alg string) (jose.JSONWebKey, error) {
	kind := kindOf(alg)
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, ok := k.keys[kind]; ok {
		return key, nil
	}
	var priv crypto.Signer
	var err error
	switch kind {
	case "ES256":
		priv, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ES384":
		priv, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ES512":
		priv, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	default:
		if k.rsa != nil {
			priv = k.rsa
			break
		}
		priv, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("a signing key cannot be made: %w", err)
	}
	key := jose.JSONWebKey{Key: priv, Use: "sig"}
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("a signing key has no thumbprint: %w", err)
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(sum)
	if k.keys == nil {
		k.keys = make(map[string]jose.JSONWebKey)
	}
	k.keys[kind] = key
	return key, nil
}

// sign returns claims as a JWT in compact form.
func (k *keyring) sign(alg string, claims map[string]any) (string, error) {
	key, err := k.get(alg)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: key},
		(&jose.SignerOptions{}).WithType("JWT"),
	)
	if err != nil {
		return "", fmt.Errorf("an ID token cannot be signed: %w", err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("an ID token cannot be written: %w", err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("an ID token cannot be signed: %w", err)
	}
	return jws.CompactSerialize()
}

// verify returns the claims of a JWT that this keyring signed with alg.
func (k *keyring) verify(alg, jwt string) (map[string]any, error) {
	jws, err := jose.ParseSignedCompact(jwt, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil {
		return nil, fmt.Errorf("not a JWT: %w", err)
	}
	key, err := k.get(alg)
	if err != nil {
		return nil, err
	}
	payload, err := jws.Verify(key.Public())
	if err != nil {
		return nil, fmt.Errorf("not signed here: %w", err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, fmt.Errorf("not a set of claims: %w", err)
	}
	return claims, nil
}

// halfHash is the value of at_hash for an access token, OpenID Connect Core
// 1.0 section 3.1.3.6.
func halfHash(alg, token string) string {
	var h hash.Hash
	switch alg[2:] {
	case "384":
		h = sha512.New384()
	case "512":
		h = sha512.New()
	default:
		h = sha256.New()
	}
	h.Write([]byte(token))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:h.Size()/2])
}

// jwks answers with the public keys of every kind that some client needs.
func (p *Provider) jwks(w http.ResponseWriter, _ *http.Request) {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	done := make(map[string]bool)
	for _, alg := range p.usedAlgs() {
		if done[kindOf(alg)] {
			continue
		}
		done[kindOf(alg)] = true
		key, err := p.keys.get(alg)
		if err != nil {
			writeError(w, http.StatusInternalServerError, "server_error", "no signing key")
			return
		}
		set.Keys = append(set.Keys, key.Public())
	}
	writeJSON(w, http.StatusOK, set)
}

// usedAlgs are the algorithms of the clients, in the order of algs.
func (p *Provider) usedAlgs() []string {
	used := []string{}
	for _, alg := range algs {
		for _, c := range p.clients {
			if c.Alg == alg {
				used = append(used, alg)
				break
			}
		}
	}
	return used
}
