package parse

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"keyfob/auth"
	"keyfob/auth/inspect"
)

const (
	// maxPart bounds the bytes that are read of a token's header or claims.
	maxPart = 256 << 10
	// maxClaims bounds the claims of one token.
	maxClaims = 100
)

// use is what a token is for, on which the meaning of some claims depends.
type use int

const (
	accessToken use = iota
	idToken
	header
)

// member is a claim as it stands in a token.
type member struct {
	name string
	raw  json.RawMessage
}

// token reads one token. Whatever is no JWT is opaque: a client has no business
// knowing more (RFC 9068 section 6).
func (r *reader) token(secret auth.Secret, u use) inspect.Token {
	t := inspect.Token{Form: inspect.Opaque, Length: len(secret.Reveal())}
	parts := auth.SplitJWT(secret)
	if parts == nil {
		return t
	}
	if slices.ContainsFunc(parts, func(p string) bool { return base64.RawURLEncoding.DecodedLen(len(p)) > maxPart }) {
		t.TooLong = true
		return t
	}
	head, err := members(parts[0])
	if err != nil || !slices.ContainsFunc(head, func(m member) bool { return m.name == "alg" }) {
		return t
	}
	if len(parts) == 5 {
		t.Form = inspect.Encrypted
		t.Header, _ = r.claims(head, header)
		return t
	}
	body, err := members(parts[1])
	if err != nil {
		return t
	}
	t.Form = inspect.JWT
	t.Unsigned = strings.Trim(parts[2], "=") == ""
	t.Header, _ = r.claims(head, header)
	t.Claims, t.Left = r.claims(body, u)
	return t
}

// members decodes one part of a JWT, a JSON object. Names keep their order, and
// may come twice.
func members(part string) ([]member, error) {
	text, err := auth.DecodeJWTPart(part)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	var all []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, errors.New("not JSON")
		}
		m := member{name: name.(string)} // what stands there in an object, or Token had failed
		if d.Decode(&m.raw) != nil {
			return nil, errors.New("not JSON")
		}
		all = append(all, m)
	}
	if _, err := d.Token(); err != nil || d.More() {
		return nil, errors.New("not one JSON object")
	}
	return all, nil
}

// claims explains the members of a token, the known ones first, and returns how
// many it left out.
func (r *reader) claims(all []member, u use) ([]inspect.Claim, int) {
	known := dictionary(u)
	slices.SortStableFunc(all, func(a, b member) int { return known.place(a.name) - known.place(b.name) })
	left := max(0, len(all)-maxClaims)
	seen := map[string]bool{}
	var out []inspect.Claim
	for _, m := range all[:len(all)-left] {
		c := r.claim(m)
		c.Again = seen[m.name]
		seen[m.name] = true
		known.explain(&c, m.name)
		out = append(out, c)
	}
	return out, left
}
