package auth_test

import (
	"encoding/base64"
	"slices"
	"testing"

	"keyfob/auth"
)

func TestClaims(t *testing.T) {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, padding := range []string{"", "="} {
		c, err := auth.Claims(auth.Secret("e30." + part(`{"name":"ada"}`) + padding + ".c2ln"))
		if err != nil || c["name"] != "ada" {
			t.Errorf("got %v, %v", c, err)
		}
	}
	for _, bad := range []auth.Secret{"", "a", "a.b", "a.!.c", "a.bnVsbA.c", "a.W10.c", "a.b.c.d", "e30.e30.e30.e30.e30"} {
		if _, err := auth.Claims(bad); auth.KindOf(err) != auth.KindFailed {
			t.Errorf("%q: %v", bad.Reveal(), err)
		}
	}
}

func TestSplitJWT(t *testing.T) {
	for token, want := range map[auth.Secret][]string{
		"a.b.c": {"a", "b", "c"}, "a.b.": {"a", "b", ""}, "a..c.d.e": {"a", "", "c", "d", "e"}, "": nil, "opaque": nil, "a.b.c.d": nil,
	} {
		if got := auth.SplitJWT(token); !slices.Equal(got, want) {
			t.Errorf("%q becomes %q", token.Reveal(), got)
		}
	}
}
