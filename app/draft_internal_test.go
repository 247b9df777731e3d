package app

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/config"
	"keyfob/app/daemon"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/keychain"
	"keyfob/auth/provider"
)

// draftDesk is a desk with a settings file and without a screen.
func draftDesk(t *testing.T, text string) testDesk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keyfob.toml")
	if text != "" {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := host{now: time.Now}
	dir, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	e, err := daemon.Claim(daemon.Config{
		Parts: h.parts(nil, keychain.NewMemory(), dir, false), Settings: path, Report: func(error) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { e.Sessions().Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	s := e.Settings()
	d := &desk{host: h, dir: dir, settings: s}
	d.reload = func(ctx context.Context) { _ = s.Apply(ctx, s.Reread()) }
	return testDesk{d, e.Sessions(), path}
}

// testDesk is a desk with the sessions that follow it.
type testDesk struct {
	*desk
	sessions *engine.Manager
	path     string
}

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

const before = "# mine\n[reminders]\nbefore = [ \"20m\" ] # early\n\n[tools.plant-4]\nname = \"Plant 4\"\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\"\n"

// TestDraftIsCheckedAndAdded is a person who adds a tool in the window.
func TestDraftIsCheckedAndAdded(t *testing.T) {
	d := draftDesk(t, before)
	draft := agent.Draft{Provider: "oidc", Values: map[string]string{
		"name": "Plant  4!", "issuer": startProvider(t) + "/.well-known/openid-configuration", "client_id": " keyfob ", "scopes": "profile, offline_access openid",
	}}
	judged, err := d.checkDraft(t.Context(), draft)
	if err != nil || len(judged.Faults) > 0 || judged.Verdict == "incompatible" || len(judged.Rows) < 10 {
		t.Fatalf("the check says %+v, %v", judged, err)
	}
	if text, _ := os.ReadFile(d.path); string(text) != before {
		t.Fatalf("the check wrote:\n%s", text)
	}
	judged, err = d.addDraft(t.Context(), draft)
	if err != nil || judged.ID != "plant-4-2" || len(judged.Faults) > 0 {
		t.Fatalf("adding says %+v, %v", judged, err)
	}
	text, _ := os.ReadFile(d.path)
	if rest, ok := strings.CutPrefix(string(text), before); !ok || !strings.Contains(rest, "[tools.plant-4-2]") ||
		strings.Contains(rest, "well-known") {
		t.Errorf("the file is:\n%s", text)
	}
	all, err := d.sessions.Snapshots(t.Context())
	if err != nil || len(all) != 2 || all[1].Tool != "plant-4-2" || all[1].Name != "Plant  4!" {
		t.Errorf("the sessions are %+v, %v", all, err)
	}
	s, err := config.Load(d.path)
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
			`issuer: The address "http://login.example.com" is plain http, which is allowed on this machine's loopback only: use an https address.`,
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
			d := draftDesk(t, before)
			_, judged, err := d.read(agent.Draft{Provider: tt.provider, Values: tt.values})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range judged.Faults {
				got = append(got, f.Key+": "+f.Text)
			}
			if s := strings.Join(got, " | "); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
		})
	}
}

func TestDraftOfABrokenFile(t *testing.T) {
	const text = "[tools.plant\n"
	d := draftDesk(t, text)
	draft := agent.Draft{Provider: "google", Values: map[string]string{"name": "A", "client_id": "x", "client_secret": "y"}}
	for name, f := range map[string]func(context.Context, agent.Draft) (agent.Judged, error){"check": d.checkDraft, "add": d.addDraft} {
		if _, err := f(t.Context(), draft); auth.KindOf(err) != auth.KindSetup || !strings.Contains(err.Error(), ":1:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if now, _ := os.ReadFile(d.path); string(now) != text {
		t.Errorf("the file became:\n%s", now)
	}
}

func TestDraftOfAProviderThatIsNotThere(t *testing.T) {
	d := draftDesk(t, "")
	draft := agent.Draft{Provider: "oidc", Values: map[string]string{"name": "A", "client_id": "x", "issuer": "http://127.0.0.1:1"}}
	if _, err := d.checkDraft(t.Context(), draft); auth.KindOf(err) != auth.KindTransient {
		t.Errorf("the check says %v", err)
	}
	if judged, err := d.addDraft(t.Context(), draft); err != nil || judged.ID != "a" {
		t.Errorf("it cannot be saved all the same: %+v, %v", judged, err)
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
		if f := missing(preset, values); len(f) > 0 {
			t.Errorf("%s: with the examples something is missing: %+v", p.ID, f)
		}
		if _, err := config.Try(filepath.Join(t.TempDir(), "keyfob.toml"), "tool", draftSettings(preset, values)); err != nil {
			t.Errorf("%s: the examples make no tool: %v", p.ID, err)
		}
		if len(p.Redirects) == 0 && p.ID != "google" {
			t.Errorf("%s: nothing to register", p.ID)
		}
	}
}
