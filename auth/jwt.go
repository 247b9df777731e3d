package auth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// SplitJWT returns the parts of a token in compact form as they stand in it:
// three of one that is signed (RFC 7515 section 7.1), five of one that is
// encrypted (RFC 7516 section 7.1), and none of any other text.
func SplitJWT(token Secret) []string {
	if parts := strings.Split(token.Reveal(), "."); len(parts) == 3 || len(parts) == 5 {
		return parts
	}
	return nil
}

// DecodeJWTPart decodes one of those parts from base64url (RFC 7515 section 2),
// which some providers pad.
func DecodeJWTPart(part string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(part, "="))
	if err != nil {
		return nil, errors.New("not base64url") // the text is a secret
	}
	return b, nil
}

// Claims returns what a token says that is a signed JWT. It verifies nothing.
// The error is of KindFailed, speaks of an ID token and quotes nothing of it.
func Claims(token Secret) (map[string]any, error) {
	parts := SplitJWT(token)
	if len(parts) != 3 {
		return nil, badIDToken(errors.New("not a signed JWT"))
	}
	payload, err := DecodeJWTPart(parts[1])
	if err != nil {
		return nil, badIDToken(err)
	}
	var claims map[string]any
	if json.Unmarshal(payload, &claims) != nil || claims == nil {
		return nil, badIDToken(errors.New("not a JSON object"))
	}
	return claims, nil
}

func badIDToken(err error) error {
	return &Error{Kind: KindFailed, Code: CodeBadIDToken, What: "the ID token cannot be read", Err: err}
}
