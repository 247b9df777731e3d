package oidc

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"keyfob/auth"
)

// Sizes of an RSA key in bits. Below the least it is not safe (RFC 7518 section
// 3.3); above the most nobody has one, and it would take long.
const (
	minRSABits = 2048
	maxRSABits = 16384
)

// errOtherUse is why a key that is not for signatures is left out.
var errOtherUse = errors.New("it is not for signatures")

// Keys is a provider's key set (RFC 7517 section 5) as a sign-in uses it.
type Keys struct {
	Usable  int
	LeftOut []string // why each other key for signatures cannot be used

	keys []key
}

// ReadKeys reads a key set. A key that cannot be used here is left out, and
// spoils no other: another kind, another use, too short, private or broken.
//
// Errors: KindProtocol (Code "no_keys") where no key is left.
func ReadKeys(set Object) (Keys, error) {
	const do = "have the provider's key set fixed"
	var k Keys
	var all []json.RawMessage
	if json.Unmarshal(set["keys"], &all) != nil || all == nil {
		return k, refused(auth.CodeNoKeys, "the provider's key set holds no list of keys", do, nil)
	}
	for i, raw := range all {
		one, err := readKey(raw)
		switch {
		case err == nil:
			k.keys = append(k.keys, one)
		case !errors.Is(err, errOtherUse):
			k.LeftOut = append(k.LeftOut, "key "+strconv.Itoa(i+1)+" cannot be used: "+err.Error())
		}
	}
	k.Usable = len(k.keys)
	if k.Usable == 0 {
		what := "the provider publishes no key that can be used"
		if len(k.LeftOut) > 0 {
			what += " (" + k.LeftOut[0] + ")"
		}
		return k, refused(auth.CodeNoKeys, what, do, nil)
	}
	return k, nil
}

// readKey reads one public key from the members that make it (RFC 7518 section
// 6) and those that limit its use. All others are passed over, certificates
// among them: nothing here trusts a key for its certificate, so one that is
// broken or another key's is no reason to do without the key.
func readKey(raw json.RawMessage) (key, error) {
	o, err := readObject(raw)
	if err != nil {
		return key{}, errors.New("it is not an object")
	}
	if !forSignatures(o) {
		return key{}, errOtherUse
	}
	kind, _ := o.Text("kty")
	needed, known := map[string][]string{"RSA": {"n", "e"}, "EC": {"crv", "x", "y"}}[kind]
	if !known {
		return key{}, errors.New("its kind is " + auth.Quote(kind))
	}
	if d := o["d"]; d != nil && string(d) != "null" {
		return key{}, errors.New("it is a private key, which everybody can read")
	}
	bare := map[string]string{"kty": kind}
	for _, name := range needed {
		s, _ := o.Text(name)
		if s == "" {
			return key{}, errors.New("it is not a bare key, without " + name)
		}
		bare[name] = s
	}
	if crv := bare["crv"]; kind == "EC" && !slices.Contains([]string{"P-256", "P-384", "P-521"}, crv) {
		return key{}, errors.New("its curve is " + auth.Quote(crv))
	}
	text, err := json.Marshal(bare)
	if err != nil {
		return key{}, errors.New("it cannot be read")
	}
	var k key
	if err := k.UnmarshalJSON(text); err != nil || !k.Valid() {
		return key{}, errors.New("it cannot be read")
	}
	if pub, ok := k.Key.(*rsa.PublicKey); ok {
		switch bits := pub.N.BitLen(); {
		case bits < minRSABits:
			return key{}, errors.New("it has " + strconv.Itoa(bits) + " bits, and " + strconv.Itoa(minRSABits) + " are needed")
		case bits > maxRSABits:
			return key{}, errors.New("it has " + strconv.Itoa(bits) + " bits")
		}
	}
	k.KeyID, _ = o.Text("kid")
	k.Algorithm, _ = o.Text("alg")
	k.issuer, _ = o.Text("issuer")
	return k, nil
}

// forSignatures reports whether a key says that it is for signatures, or does
// not say (RFC 7517 section 4.2). Of another type than it should be, it says
// nothing.
func forSignatures(o Object) bool {
	use, ok := o.Text("use")
	if !ok {
		several := o.List("use")
		return len(several) == 0 || slices.Contains(several, "sig")
	}
	return use == "" || use == "sig"
}

// key is a provider's public signing key.
type key struct {
	jose.JSONWebKey

	// issuer is whose tokens the key signs, where the provider says so, with
	// auth.TenantID for all of its tenants. Microsoft's member of the key; one
	// key set serves many tenants there.
	issuer string
}

// serves reports whether the key signs tokens of issuer, which is tenant's.
func (k key) serves(issuer, tenant string) bool {
	return k.issuer == "" || k.issuer == issuer || inTenant(k.issuer, tenant) == issuer
}

// signs reports whether the key is one for the algorithm alg (RFC 7518 section
// 3.1).
func (k key) signs(alg string) bool {
	if k.Algorithm != "" && k.Algorithm != alg {
		return false
	}
	switch pub := k.Key.(type) {
	case *rsa.PublicKey:
		return strings.HasPrefix(alg, "RS") || strings.HasPrefix(alg, "PS")
	case *ecdsa.PublicKey:
		return alg == map[string]string{"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}[pub.Curve.Params().Name]
	}
	return false
}
