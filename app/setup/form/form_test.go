package form_test

import (
	"testing"

	"keyfob/app/setup/form"
)

func TestToolID(t *testing.T) {
	taken := func(id string) bool { return id == "plant-4" || id == "plant-4-2" }
	for name, want := range map[string]string{
		"ThingWorx Plant 5": "thingworx-plant-5", "Plant 4": "plant-4-3",
		"  Über Straße / Ö ": "ueber-strasse-oe", "日本": "tool", "": "tool", "--a--b--": "a-b",
		"A very long name that goes on and on, up to where nobody reads it": "a-very-long-name-that-goes-on-and-on-up",
	} {
		if got := form.ToolID(name, taken); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestRedirectsFor(t *testing.T) {
	p := form.Preset{
		Fields:    []form.Field{{Key: "tenant", Host: "%.b2clogin.com"}, {Key: "policy"}, {Key: "host", Host: "%"}},
		Redirects: []string{"http://127.0.0.1:1/callback/HOST", "http://127.0.0.1:2/callback"},
	}
	for _, tt := range []struct {
		values map[string]string
		want   string
	}{
		{nil, "http://127.0.0.1:1/callback/HOST"},
		{map[string]string{"tenant": " "}, "http://127.0.0.1:1/callback/HOST"},
		{map[string]string{"tenant": "Contoso", "policy": "x"}, "http://127.0.0.1:1/callback/contoso.b2clogin.com"},
		{
			map[string]string{"tenant": "contoso", "host": " https://SSO.example.com:8443/a?b "},
			"http://127.0.0.1:1/callback/sso.example.com_8443",
		},
	} {
		if got := p.RedirectsFor(tt.values); len(got) != 2 || got[0] != tt.want || got[1] != p.Redirects[1] {
			t.Errorf("%v: %q", tt.values, got)
		}
	}
}
