package cli_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"keyfob/app/cli"
	"keyfob/app/formats"
	"keyfob/auth"
	"keyfob/auth/session"
)

// idToken is one that ends then, and that nobody signed.
func idToken(end time.Time) auth.Secret {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	return auth.Secret(part(`{"alg":"RS256"}`) + "." + part(fmt.Sprintf(`{"exp":%d}`, end.Unix())) + "." + part("x"))
}

func TestTokenFormats(t *testing.T) {
	plant := session.Snapshot{Tool: "plant4", Name: "Plant 4", Home: "https://twx.example.com/Thingworx"}
	api := plant
	api.API = "https://api.example.com/v1"
	tokens := auth.Tokens{Access: "a.b-c", ID: idToken(noon.Add(time.Hour)), Type: "Bearer", Expiry: noon.Add(30 * time.Minute)}
	ended := tokens
	ended.ID = idToken(noon.Add(5 * time.Second))
	none := tokens
	none.ID = ""
	curl := func(address string) string {
		s, err := formats.Text(formats.Curl, address, tokens)
		if err != nil {
			t.Fatal(err)
		}
		return s.Reveal() + "\n"
	}
	credential := func(token auth.Secret, end string) string {
		return fmt.Sprintf(
			`{
  "apiVersion": "client.authentication.k8s.io/v1",
  "kind": "ExecCredential",
  "spec": {},
  "status": {
    "expirationTimestamp": %q,
    "token": %q
  }
}
`,
			end,
			token.Reveal(),
		)
	}
	for _, tt := range []struct {
		flags  string
		snap   session.Snapshot
		tokens auth.Tokens
		want   string
		exit   int
		err    string // part of the error
	}{
		{"", plant, tokens, "a.b-c\n", 0, ""},
		{"--header", plant, tokens, "Authorization: Bearer a.b-c\n", 0, ""},
		{"--curl", plant, tokens, curl(plant.Home), 0, ""},
		{"--curl", api, tokens, curl(api.API), 0, ""},
		{"--curl", session.Snapshot{Tool: "plant4"}, tokens, "", 1, "has no address to call"},
		{"--id-token", plant, tokens, tokens.ID.Reveal() + "\n", 0, ""},
		{"--id-token", plant, none, "", 1, "issued no ID token"},
		{"--id-token", plant, ended, "", 3, "run `keyfob login plant4` for a new one"},
		{"--id-token --min-valid 4s", plant, ended, ended.ID.Reveal() + "\n", 0, ""},
		{"--exec-credential", plant, tokens, credential("a.b-c", "2026-03-02T12:30:00Z"), 0, ""},
		{"--exec-credential --id-token", plant, tokens, credential(tokens.ID, "2026-03-02T13:00:00Z"), 0, ""},
	} {
		var out, told strings.Builder
		err := run(
			t.Context(), t, "token plant4 "+tt.flags, &engine{all: []session.Snapshot{tt.snap}, tokens: tt.tokens},
			cli.Env{Out: &out, Err: &told, Now: func() time.Time { return noon }},
		)
		if out.String() != tt.want || cli.ExitCode(err) != tt.exit ||
			tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%q: %v with exit code %d, and\n%s\nwant\n%s", tt.flags, err, cli.ExitCode(err), out.String(), tt.want)
		}
		if err != nil && strings.Contains(err.Error(), tt.tokens.Access.Reveal()) {
			t.Errorf("%q: the error holds the token: %v", tt.flags, err)
		}
	}
}
