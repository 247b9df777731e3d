//go:build unix

package agent_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
)

// knownSetup wants to be asked just this, and answers with it.
type knownSetup struct {
	draft  agent.Draft
	judged agent.Judged
	offer  []agent.Preset
	ask    agent.Import
	got    agent.Imported
	change agent.Change
	prefs  agent.Preferences
}

// different is an error where what came is not what was wanted.
func different(got, want any) error {
	if reflect.DeepEqual(got, want) {
		return nil
	}
	return &auth.Error{Kind: auth.KindFailed, What: fmt.Sprintf("got %+v", got)}
}

func (k knownSetup) Presets(context.Context) ([]agent.Preset, error) { return k.offer, nil }

func (k knownSetup) Recognise(_ context.Context, address string) (agent.Draft, error) {
	return k.draft, different(address, "https://x")
}

func (k knownSetup) Check(_ context.Context, d agent.Draft) (agent.Judged, error) {
	return k.judged, different(d, k.draft)
}

func (k knownSetup) Add(_ context.Context, d agent.Draft) (agent.Judged, error) {
	return k.judged, different(d, k.draft)
}

func (k knownSetup) Import(_ context.Context, i agent.Import) (agent.Imported, error) {
	return k.got, different(i, k.ask)
}

func (k knownSetup) Preferences(context.Context) (agent.Preferences, error) { return k.prefs, nil }

func (k knownSetup) Change(_ context.Context, c agent.Change) (agent.Preferences, error) {
	return k.prefs, different(c, k.change)
}

// TestSetup sends each operation through the real socket and back.
func TestSetup(t *testing.T) {
	var (
		draft  = agent.Draft{Provider: "keycloak", Values: map[string]string{"name": "Plant", "client_secret": "s"}}
		judged = agent.Judged{
			ID:      "plant",
			Faults:  []agent.Fault{{Key: "realm", Text: "This is needed."}},
			Verdict: "degraded",
			Because: []string{"why"},
			Rows:    []agent.Row{{"TLS", "required", "ok", "TLS 1.3"}},
		}
		offer = []agent.Preset{
			{
				ID:        "entra",
				Name:      "Entra",
				Known:     "here",
				Fields:    []agent.PresetField{{Key: "tenant", Label: "Tenant", Optional: true}},
				Redirects: []string{"http://localhost/callback"},
				Notes:     []string{"Note."},
			},
		}
		ask = agent.Import{Path: "/x", Take: true, WithSecret: true}
		got = agent.Imported{
			File:    "/x",
			Entries: []agent.ImportedEntry{{Name: "a", Line: 3, Tool: "a", Taken: []string{"clientId"}, Left: []string{"Left."}}},
			Secrets: 1,
		}
		on     = true
		zero   = time.Duration(0)
		change = agent.Change{ClearAfter: &zero, Notifications: &on}
		prefs  = agent.Preferences{
			File:       "/y",
			Problem:    &auth.Error{Kind: auth.KindSetup, What: "broken"},
			Reminders:  []time.Duration{time.Minute},
			ClearAfter: time.Second,
			Autostart:  true,
		}
	)
	c := served(t, agent.Engine{Setup: knownSetup{draft, judged, offer, ask, got, change, prefs}})
	ctx := t.Context()
	same := func(name string, err error, got, want any) {
		t.Helper()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
	p, err := c.Presets(ctx)
	same("presets", err, p, offer)
	d, err := c.Recognise(ctx, "https://x")
	same("recognise", err, d, draft)
	j, err := c.Check(ctx, draft)
	same("check", err, j, judged)
	j, err = c.Add(ctx, draft)
	same("add", err, j, judged)
	i, err := c.Import(ctx, ask)
	same("import", err, i, got)
	s, err := c.Preferences(ctx)
	same("settings", err, s, prefs)
	s, err = c.Change(ctx, change)
	same("change", err, s, prefs)
}

func TestSetupWithoutATray(t *testing.T) {
	c := served(t, engine())
	if _, err := c.Presets(t.Context()); err == nil || auth.AsError(err).Code != auth.CodeNoTray {
		t.Errorf("got %v", err)
	}
}

// endlessCheck asks a provider that never answers.
type endlessCheck struct {
	agent.Setup
	began, ended chan struct{} // closed
}

func (e endlessCheck) Check(ctx context.Context, _ agent.Draft) (agent.Judged, error) {
	close(e.began)
	<-ctx.Done()
	close(e.ended)
	return agent.Judged{}, ctx.Err()
}

// TestCheckIsStopped: a person who no longer wants to know is not asked for.
func TestCheckIsStopped(t *testing.T) {
	began, ended := make(chan struct{}), make(chan struct{})
	c := served(t, agent.Engine{Setup: endlessCheck{began: began, ended: ended}})
	ctx, stop := context.WithCancel(t.Context())
	go func() { <-began; stop() }()
	if _, err := c.Check(ctx, agent.Draft{}); err == nil {
		t.Error("no error")
	}
	<-ended
}

func TestToolID(t *testing.T) {
	taken := func(id string) bool { return id == "plant-4" || id == "plant-4-2" }
	for name, want := range map[string]string{
		"ThingWorx Plant 5": "thingworx-plant-5", "Plant 4": "plant-4-3", "  Über Straße / Ö ": "ueber-strasse-oe", "日本": "tool", "": "tool", "--a--b--": "a-b",
		"A very long name that goes on and on, up to where nobody reads it": "a-very-long-name-that-goes-on-and-on-up",
	} {
		if got := agent.ToolID(name, taken); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// served is a client of an engine that runs.
func served(t *testing.T, e agent.Engine) *agent.Client {
	t.Helper()
	dir := folder(t)
	serve(t, dir, e)
	return dial(t, dir)
}

func TestRedirectsFor(t *testing.T) {
	p := agent.Preset{
		Fields:    []agent.PresetField{{Key: "tenant", Host: "%.b2clogin.com"}, {Key: "policy"}, {Key: "host", Host: "%"}},
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
