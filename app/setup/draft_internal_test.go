package setup

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"keyfob/app/check/report"
	"keyfob/app/config"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/provider"
)

func startProvider(t *testing.T) (issuer string) {
	t.Helper()
	p, err := idp.New(idp.Config{RSA: authtest.RSA(), Clients: []idp.Client{{ID: "keyfob", Refresh: true}}})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err = p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return issuer
}

const before = `# mine
[reminders]
before = [ "20m" ] # early

[tools.plant-4]
name = "Plant 4"
issuer = "https://login.example.com"
client_id = "keyfob"
`

// TestDraftIsCheckedAndAdded is a person who adds a tool in the window.
func TestDraftIsCheckedAndAdded(t *testing.T) {
	d, inEffect := setUp(t, before)
	draft := form.Draft{Provider: "oidc", Values: map[string]string{
		"name": "Plant  4!", "issuer": startProvider(t) + "/.well-known/openid-configuration",
		"client_id": " keyfob ", "scopes": "profile, offline_access openid",
	}}
	judgement, err := d.Check(t.Context(), draft)
	if err != nil || len(judgement.Faults) > 0 || judgement.Verdict == report.Incompatible || len(judgement.Rows) < 10 {
		t.Fatalf("the check says %+v, %v", judgement, err)
	}
	if text, _ := os.ReadFile(d.Path); string(text) != before {
		t.Fatalf("the check wrote:\n%s", text)
	}
	judgement, err = d.Add(t.Context(), draft)
	if err != nil || judgement.ID != "plant-4-2" || len(judgement.Faults) > 0 {
		t.Fatalf("adding says %+v, %v", judgement, err)
	}
	text, _ := os.ReadFile(d.Path)
	if rest, ok := strings.CutPrefix(string(text), before); !ok || !strings.Contains(rest, "[tools.plant-4-2]") ||
		strings.Contains(rest, "well-known") {
		t.Errorf("the file is:\n%s", text)
	}
	if all := inEffect().Tools; len(all) != 2 || all[1].ID != "plant-4-2" || all[1].Name != "Plant  4!" {
		t.Errorf("in effect are %+v", all)
	}
	s, err := config.Load(d.Path)
	if err != nil || !reflect.DeepEqual(s.Tools[1].Scopes, []string{"openid", "profile", "offline_access"}) {
		t.Errorf("the settings are %+v, %v", s, err)
	}
}

// TestDraftFaults: each fault is told at its field, and nothing is written.
func TestDraftFaults(t *testing.T) {
	for _, tt := range []struct {
		name, provider string
		values         map[string]string
		want           string
	}{
		{"nothing", "entra", nil, "name: This is needed. | tenant: This is needed. | client_id: This is needed."},
		{
			"another cloud needs no tenant", "entra",
			map[string]string{"name": "A", "client_id": "x", "issuer": "https://login.microsoftonline.us/contoso.us/v2.0"},
			"",
		},
		{
			"a realm that is none", "keycloak",
			map[string]string{"name": "A", "client_id": "x", "host": "sso.example.com", "realm": "a/b"},
			`realm: "a/b" holds a character that is never part of it: write it like "plant".`,
		},
		{
			"a name that is taken", "google",
			map[string]string{"name": "plant 4", "client_id": "x", "client_secret": "y"},
			`name: The name "plant 4" is taken by [tools.plant-4]: give this tool another name.`,
		},
		{
			"a secret of spaces", "google",
			map[string]string{"name": "A", "client_id": "x", "client_secret": "y\u00a0z"},
			"client_secret: The client secret holds characters that none has: copy it again from the provider.",
		},
		{"no secret", "google", map[string]string{"name": "A", "client_id": "x"}, "client_secret: This is needed."},
		{
			"plain http", "oidc",
			map[string]string{"name": "A", "client_id": "x", "issuer": "http://login.example.com"},
			`issuer: The address "http://login.example.com" is plain http, which is allowed on this machine's loopback only: ` +
				`use an https address.`,
		},
		{
			"a scope that Google refuses", "google",
			map[string]string{"name": "A", "client_id": "x", "client_secret": "y", "scopes": "offline_access"},
			"scopes: Google refuses the scope offline_access: remove it, a refresh token comes without it.",
		},
		{
			"a home page that is none", "okta",
			map[string]string{"name": "A", "client_id": "x", "domain": "example.okta.com", "home": "example"},
			`home: The address "example" has no host: use an https address.`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, _ := setUp(t, before)
			_, judgement, err := d.judge(form.Draft{Provider: tt.provider, Values: tt.values})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range judgement.Faults {
				got = append(got, f.Key+": "+f.Text())
			}
			if s := strings.Join(got, " | "); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
		})
	}
}

func TestDraftOfABrokenFile(t *testing.T) {
	const text = "[tools.plant\n"
	d, _ := setUp(t, text)
	draft := form.Draft{Provider: "google", Values: map[string]string{"name": "A", "client_id": "x", "client_secret": "y"}}
	for name, f := range map[string]func(context.Context, form.Draft) (form.Judgement, error){"check": d.Check, "add": d.Add} {
		if _, err := f(t.Context(), draft); auth.KindOf(err) != auth.KindSetup || !strings.Contains(err.Error(), ":1:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if now, _ := os.ReadFile(d.Path); string(now) != text {
		t.Errorf("the file became:\n%s", now)
	}
}

func TestDraftOfAProviderThatIsNotThere(t *testing.T) {
	d, _ := setUp(t, "")
	draft := form.Draft{Provider: "oidc", Values: map[string]string{"name": "A", "client_id": "x", "issuer": "http://127.0.0.1:1"}}
	if _, err := d.Check(t.Context(), draft); auth.KindOf(err) != auth.KindTransient {
		t.Errorf("the check says %v", err)
	}
	if judgement, err := d.Add(t.Context(), draft); err != nil || judgement.ID != "a" {
		t.Errorf("it cannot be saved all the same: %+v, %v", judgement, err)
	}
}

// TestPresetsAsk holds that the window can fill in whatever each preset needs.
func TestPresetsAsk(t *testing.T) {
	own := map[string]string{
		"entra":        "tenant",
		"b2c":          "tenant policy",
		"adfs":         "host",
		"google":       "client_secret",
		"auth0":        "domain",
		"keycloak":     "host realm",
		"pingfederate": "host",
		"okta":         "domain",
		"cognito":      "pool",
		"oidc":         "issuer",
	}
	for _, p := range presets() {
		preset, _ := provider.Find(p.ID)
		values := map[string]string{}
		var needed []string
		for _, f := range p.Fields {
			if f.Label == "" || f.Example == "" && !f.Secret {
				t.Errorf("%s: %+v", p.ID, f)
			}
			if !f.Optional {
				values[f.Key] = cmp.Or(f.Example, "x")
				needed = append(needed, f.Key)
			}
		}
		want := strings.Fields("name " + own[p.ID] + " client_id")
		if p.ID == "google" {
			want = []string{"name", "client_id", "client_secret"}
		}
		if !reflect.DeepEqual(needed, want) {
			t.Errorf("%s asks for %q, want %q", p.ID, needed, want)
		}
		if f := emptyFields(preset, values); len(f) > 0 {
			t.Errorf("%s: with the examples something is missing: %+v", p.ID, f)
		}
		if _, err := config.Try(filepath.Join(t.TempDir(), "keyfob.toml"), "tool", settingsOf(preset, values)); err != nil {
			t.Errorf("%s: the examples make no tool: %v", p.ID, err)
		}
		if len(p.Redirects) == 0 && p.ID != "google" {
			t.Errorf("%s: nothing to register", p.ID)
		}
	}
}
