//go:build unix

package agent_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
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
			Faults:  []agent.Fault{{Key: "realm", Err: &auth.Error{Code: auth.CodeFieldEmpty, What: "this is needed"}}},
			Verdict: "degraded",
			Because: []string{"why"},
			Rows:    []agent.Row{{Name: "TLS", Need: "required", Result: "ok", Text: "TLS 1.3"}},
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
			Entries: []agent.ImportedEntry{{Name: "a", Line: 3, Tool: "a", Taken: []form.Taken{{Key: "clientId"}}, Remarks: []form.Remark{{Code: form.RemarkTokenNotNeeded}}}},
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

// served is a client of an engine that runs.
func served(t *testing.T, e agent.Engine) *agent.Client {
	t.Helper()
	dir := folder(t)
	serve(t, dir, e)
	return dial(t, dir)
}
