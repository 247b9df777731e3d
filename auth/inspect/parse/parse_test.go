package parse_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/inspect/parse"
)

var noon = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

// signature is what must never be in an inspection.
const signature = "U2lnbmF0dXJlLWNhbmFyeS0xMjM0NTY3ODkw"

// jwt is a token of these parts. The signature is none, but looks like one.
func jwt(header, claims string) auth.Secret {
	e := base64.RawURLEncoding
	return auth.Secret(e.EncodeToString([]byte(header)) + "." + e.EncodeToString([]byte(claims)) + "." + signature)
}

// of inspects an access token that says claims.
func of(t *testing.T, claims string) inspect.Token {
	t.Helper()
	return parse.Tokens(
		auth.Tokens{Access: jwt(`{"alg":"RS256","typ":"JWT"}`, claims), Refresh: "refresh-canary-0123456789", Expiry: noon},
		auth.Tool{},
		noon,
	).Access
}

// claim is the first claim of that name.
func claim(t *testing.T, token inspect.Token, name string) inspect.Claim {
	t.Helper()
	for _, c := range token.Claims {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no claim %s in %+v", name, token)
	return inspect.Claim{}
}

// lines is a list of claims as text.
func lines(all []inspect.Claim) string {
	var out strings.Builder
	for _, c := range all {
		value := c.Value
		if !c.At.IsZero() {
			value = c.At.Format(time.RFC3339)
		}
		fmt.Fprintf(&out, "%s = %s", c.Name, value)
		for word, is := range map[string]bool{"hidden": c.Hidden, "cut": c.Cut, "again": c.Again} {
			if is {
				out.WriteString(" [" + word + "]")
			}
		}
		fmt.Fprintf(&out, "  # %s\n", c.Meaning)
	}
	return out.String()
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if got, want := strings.TrimSpace(got), strings.TrimSpace(want); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestEntra is a token of Entra's version 2 for an API, in Entra's own order.
func TestEntra(t *testing.T) {
	got := parse.Tokens(auth.Tokens{Access: jwt(
		`{"typ":"JWT","alg":"RS256","kid":"kWbkha6qs8wsTnBwiiNYOhHbnAw"}`,
		`{"aud":"6e74172b-be56-4843-9ff4-e66a39bb12e3","iss":"https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",`+
			`"iat":1803902100,"nbf":1803902100,"exp":1803906900,"aio":"AVQAq/8TAAAA","amr":["pwd","mfa"],"azp":"00001111-aaaa-2222-bbbb-3333cccc4444","azpacr":"0",`+
			`"name":"Anna Mustermann","oid":"690222be-ff1a-4d56-abd1-7e4f7d38e474","preferred_username":"anna@example.com","rh":"I","roles":["Plant.Read","Plant.Operate"],`+
			`"scp":"THINGWORX","sub":"HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ","tid":"11111111-2222-3333-4444-555555555555","uti":"fqiBqXLPj0eQa82S-IYFAA","ver":"2.0","xms_ftd":"x","wids":["b79fbf4d-3ef9-4689-8143-76b194e85509"]}`,
	), Expiry: noon.Add(time.Hour)}, auth.Tool{}, noon)
	same(t, lines(got.Access.Header), `
alg = RS256  # how it is signed: RSA with SHA-256
kid = kWbkha6qs8wsTnBwiiNYOhHbnAw  # which of the provider's keys signed it
typ = JWT  # what it is: a JSON Web Token`)
	same(t, lines(got.Access.Claims), `
iss = https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0  # the provider that issued it
aud = 6e74172b-be56-4843-9ff4-e66a39bb12e3  # the API that it is meant for
sub = HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ  # who signed in, by the provider's own name for it
scp = THINGWORX  # what it allows the program to do for you
roles = Plant.Read, Plant.Operate  # your roles in the API
exp = 2027-03-01T13:15:00Z  # when it ends
iat = 2027-03-01T11:55:00Z  # when it was issued
nbf = 2027-03-01T11:55:00Z  # when it begins
name = Anna Mustermann  # your name, to be shown
preferred_username = anna@example.com  # your user name, which may change
azp = 00001111-aaaa-2222-bbbb-3333cccc4444  # the client that asked for it
amr = pwd, mfa  # how you showed who you are: password, more than one way
tid = 11111111-2222-3333-4444-555555555555  # the tenant of the account
oid = 690222be-ff1a-4d56-abd1-7e4f7d38e474  # your account in that tenant, by the same name for all clients
azpacr = 0  # how the client showed who it is: not at all, as a public client
wids = b79fbf4d-3ef9-4689-8143-76b194e85509  # your roles in the directory, by the IDs of their templates: no administrator
ver = 2.0  # the version of the token's format
uti = fqiBqXLPj0eQa82S-IYFAA  # its own number in Entra's logs
aio = AVQAq/8TAAAA  # Microsoft's own, which no program should rely on
rh = I  # Microsoft's own, which no program should rely on
xms_ftd = x  # Microsoft's own, which no program should rely on`)
}

// TestProviders looks at claims of other providers that are easily taken for
// something else.
func TestProviders(t *testing.T) {
	for claims, want := range map[string]string{
		`{"realm_access":{"roles":["user","offline_access"]}}`: `realm_access = {"roles":["user","offline_access"]}  # your roles in ` +
			`the whole realm`,
		`{"typ":"Bearer"}`: `typ = Bearer  # what it is: an access token`,
		`{"aud":["account","https://api.example.com"]}`: `aud = account, https://api.example.com  # the API that it is meant for: ` +
			`Keycloak's own account page`,
		`{"aud":"00000003-0000-0000-c000-000000000000"}`: `aud = 00000003-0000-0000-c000-000000000000  # the API that it is meant ` +
			`for: Microsoft Graph, which Entra means where no scope of another API is asked for`,
		`{"https://example.com/plant":4}`: `https://example.com/plant = 4  # made for this provider's own programs, ` +
			`named by an address`,
		`{"scp":["openid","plant"]}`: `scp = openid, plant  # what it allows the program to do for you`,
		`{"token_use":"access","cognito:groups":["a"]}`: "token_use = access  # what it is: an access " +
			"token\ncognito:groups = a  # your groups in the user pool",
		`{"hd":"example.com"}`:                      `hd = example.com  # the company's domain at Google; without it, a private account`,
		`{"idtyp":"app"}`:                           `idtyp = app  # whom it stands for: a program by itself`,
		`{"updated_at":"2027-02-28T09:00:00.123Z"}`: `updated_at = 2027-02-28T09:00:00Z  # when these details last changed`,
		`{"plant":4,"b":true,"c":null,"d":[],"e":"","f":{}}`: "plant = 4  # \nb = true  # \nc = null  # \nd = []  # " +
			"\ne = \"\"  # \nf = {}  #",
		`{"exp":1803902100000}`: `exp = 1803902100000  # when it ends`,
		`{"exp":"soon"}`:        `exp = soon  # when it ends`,
		`{"exp":1803902100.75}`: `exp = 2027-03-01T11:55:00Z  # when it ends`,
		`{"sub":"a","sub":"b"}`: "sub = a  # who signed in, by the provider's own name " +
			"for it\nsub = b [again]  # who signed in, by the provider's own name for it",
		`{"http://schemas.microsoft.com/ws/2008/06/identity/claims/role":"x"}`: `http://schemas.microsoft.com/ws/2008/06/identity/claims/role = x  # a claim of Windows, named by its address`,
	} {
		same(t, lines(of(t, claims).Claims), want)
	}
}

func TestForms(t *testing.T) {
	e := base64.RawURLEncoding.EncodeToString
	head := e([]byte(`{"alg":"RS256"}`))
	for name, c := range map[string]struct {
		token string
		want  inspect.Form
	}{
		"a JWT":             {jwt(`{"alg":"ES256"}`, `{}`).Reveal(), inspect.JWT},
		"padded":            {head + "=." + e([]byte(`{"a":1}`)) + "==." + signature, inspect.JWT},
		"unsigned":          {e([]byte(`{"alg":"none"}`)) + "." + e([]byte(`{}`)) + ".", inspect.JWT},
		"encrypted":         {e([]byte(`{"alg":"dir","enc":"A256GCM"}`)) + "..aXY.Y3Q.dGFn", inspect.Encrypted},
		"words":             {"ya29.a0AfH6SMBx", inspect.Opaque},
		"nothing":           {"", inspect.Opaque},
		"three words":       {"a.b.c", inspect.Opaque},
		"no alg":            {e([]byte(`{"typ":"JWT"}`)) + "." + e([]byte(`{}`)) + ".x", inspect.Opaque},
		"a list":            {head + "." + e([]byte(`[]`)) + ".x", inspect.Opaque},
		"half an object":    {head + "." + e([]byte(`{"a":`)) + ".x", inspect.Opaque},
		"two objects":       {head + "." + e([]byte(`{}{}`)) + ".x", inspect.Opaque},
		"not base64":        {head + ".{}.x", inspect.Opaque},
		"a header too long": {strings.Repeat("A", 1<<20) + "." + e([]byte(`{}`)) + ".x", inspect.Opaque},
	} {
		in := parse.Tokens(auth.Tokens{Access: auth.Secret(c.token)}, auth.Tool{}, noon)
		if got := in.Access; got.Form != c.want || got.Length != len(c.token) || got.TooLong != (name == "a header too long") ||
			got.Unsigned != (name == "unsigned") {
			t.Errorf("%s: %+v", name, got)
		}
		if in.ID != nil {
			t.Errorf("%s: there is an ID token", name)
		}
	}
}

func TestIDToken(t *testing.T) {
	in := parse.Tokens(auth.Tokens{
		Access: "opaque", ID: jwt(`{"alg":"RS256"}`, `{"aud":"keyfob","nonce":"n-0S6"}`), Refresh: "r",
		Account: auth.Account{Issuer: "https://sso.example.com", Name: "Anna\u202e"}, Expiry: noon, RefreshExpiry: noon.Add(time.Hour),
	}, auth.Tool{ID: "plant", ClientID: "keyfob"}, noon)
	same(t, lines(in.ID.Claims), `
aud = keyfob  # the client that it is meant for, which is this one
nonce = n-0S6  # ties it to the one sign-in that it was issued for`)
	if in.Tool != "plant" || in.ClientID != "keyfob" || in.Account.Name != `Anna\u202e` || !in.Expired || !in.RefreshToken ||
		!in.RefreshExpiry.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v", in)
	}
}

// TestSecretsInClaims hides what a provider had better not have put there.
func TestSecretsInClaims(t *testing.T) {
	other := jwt(`{"alg":"RS256"}`, `{"sub":"somebody"}`).Reveal()
	nested := strings.Replace(other, signature, "YW5vdGhlci1zaWduYXR1cmU", 1)
	for name, claims := range map[string]string{
		"a token":             `{"x":"` + nested + `"}`,
		"a token in text":     `{"x":"Bearer ` + nested + `"}`,
		"a token in a list":   `{"x":["a","` + nested + `"]}`,
		"a token nested":      `{"x":{"a":[{"b":"` + nested + `"}]}}`,
		"a token as a name":   `{"` + nested + `":1}`,
		"a nested name":       `{"x":{"` + nested + `":1}}`,
		"a token in base64":   `{"x":"` + base64.StdEncoding.EncodeToString([]byte(nested)) + `"}`,
		"a B2C user's token":  `{"idp_access_token":"EAACEdEose0cBAexample"}`,
		"a distributed claim": `{"_claim_sources":{"src1":{"endpoint":"https://e.example.com","access_token":"ksj3n283dke"}}}`,
		"under a name":        `{"x":{"tokens":{"a":"hunter2hunter2","b":[1,"hunter2hunter2",12345678901]}}}`,
		"a password":          `{"User Password":"hunter2"}`,
		"a number":            `{"password":12345678901}`,
		"an address":          `{"picture":"https://e.example.com/p?size=2&access_token=hunter2"}`,
		"the refresh token":   `{"x":"-refresh-canary-0123456789-"}`,
		"the signature":       `{"x":{"y":"` + signature + `"}}`,
		"written otherwise":   `{"x":"\u0072efresh-canary-0123456789"}`,
		"a private key":       `{"cnf":{"jwk":{"kty":"EC","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}}}`,
		"PEM":                 `{"x":"-----BEGIN RSA PRIVATE KEY-----\nMIIE"}`,
	} {
		token := of(t, claims)
		out, err := json.Marshal(token)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{
			nested[:30], "hunter2", "ksj3n283dke", "12345678901", "canary", signature, "870MB6", "MIIE", "EAACE", "ZXlK",
		} {
			if strings.Contains(string(out), secret) {
				t.Errorf("%s: %s is in %s", name, secret, out)
			}
		}
		if !strings.Contains(string(out), "(hidden)") {
			t.Errorf("%s: the output does not mention it: %s", name, out)
		}
	}
	for _, claims := range []string{
		`{"token_use":"access","has_password":true,"x_token":null,"at_hash":"77QmUPtjPfzWtF2AnpK9RQ","sub":"AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ"}`,
		`{"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"},"picture":"https://e.example.com/p?size=2"}`,
		`{"groups":["11111111-2222-3333-4444-555555555555"],"x":{"d":"short"}}`,
	} {
		if got := lines(of(t, claims).Claims); strings.Contains(got, "hidden") {
			t.Errorf("hidden without need:\n%s", got)
		}
	}
}

// TestBounds holds what a token can make of the screen.
func TestBounds(t *testing.T) {
	var groups, many []string
	for i := range 2000 {
		groups = append(groups, fmt.Sprintf(`"11111111-2222-3333-4444-%012d"`, i))
		many = append(many, fmt.Sprintf(`"claim%d":%d`, i, i))
	}
	token := of(t, `{"groups":[`+strings.Join(groups, ",")+`]}`)
	if c := claim(t, token, "groups"); !c.Cut || len(c.Value) > 700 || !strings.HasSuffix(c.Value, " … and 1985 more") {
		t.Errorf("2000 groups are %q", c.Value)
	}
	if token := of(t, `{`+strings.Join(many, ",")+`,"iss":"x"}`); len(token.Claims) != 100 || token.Left != 1901 ||
		token.Claims[0].Name != "iss" {
		t.Errorf("of 2001 claims there are %d, and %d left out", len(token.Claims), token.Left)
	}
	if c := claim(t, of(t, `{"x":"`+strings.Repeat("ä", 5000)+`"}`), "x"); !c.Cut || c.Value != strings.Repeat("ä", 599)+"…" {
		t.Errorf("5000 characters are %q", c.Value)
	}
	deep := strings.Repeat(`{"a":[`, 5000) + strings.Repeat(`]}`, 5000)
	if c := claim(t, of(t, `{"x":`+deep+`}`), "x"); !c.Cut || c.Value != `{"a":[{"a":[{"a":[{"a":[{"a":…}]}]}]}]}` {
		t.Errorf("what is nested deep is %q", c.Value)
	}
	if c := claim(
		t, of(t, `{"x":"a\u0000b\u202e\u200b`+"\U000e0041\xff"+`\n","y":{"z\u0007":"\u001b[0m\"\\"}}`), "x",
	); c.Value != `a\u0000b\u202e\u200b\U000e0041`+"\uFFFD"+`\n` {
		t.Errorf("unseen characters are %q", c.Value)
	}
}
