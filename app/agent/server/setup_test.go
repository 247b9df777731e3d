//go:build unix

package server_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"keyfob/app/agent/person"
	"keyfob/app/agent/server"
	"keyfob/app/check/report"
	"keyfob/app/setup/form"
	"keyfob/auth"
)

// knownSetup wants to be asked just this, and answers with it.
type knownSetup struct {
	draft  form.Draft
	judged form.Judgement
	offer  []form.Preset
	file   form.ImportRequest
	got    form.ImportResult
	change form.Change
	prefs  form.Preferences
}

// different is an error where what came is not what was wanted.
func different(got, want any) error {
	if reflect.DeepEqual(got, want) {
		return nil
	}
	return &auth.Error{Kind: auth.KindFailed, What: fmt.Sprintf("got %+v", got)}
}

func (k knownSetup) Presets(context.Context) ([]form.Preset, error) { return k.offer, nil }

func (k knownSetup) Recognise(_ context.Context, address string) (form.Draft, error) {
	return k.draft, different(address, "https://x")
}

func (k knownSetup) Check(_ context.Context, d form.Draft) (form.Judgement, error) {
	return k.judged, different(d, k.draft)
}

func (k knownSetup) Add(_ context.Context, d form.Draft) (form.Judgement, error) {
	return k.judged, different(d, k.draft)
}

func (k knownSetup) Import(_ context.Context, i form.ImportRequest) (form.ImportResult, error) {
	return k.got, different(i, k.file)
}

func (k knownSetup) Preferences(context.Context) (form.Preferences, error) { return k.prefs, nil }

func (k knownSetup) Change(_ context.Context, c form.Change) (form.Preferences, error) {
	return k.prefs, different(c, k.change)
}

// TestSetup sends each operation through the real socket and back.
func TestSetup(t *testing.T) {
	var (
		draft  = form.Draft{Provider: "keycloak", Values: map[string]string{"name": "Plant", "client_secret": "s"}}
		judged = form.Judgement{
			ID:      "plant",
			Faults:  []form.Fault{{Key: "realm", Err: &auth.Error{Code: auth.CodeFieldEmpty, What: "this is needed"}}},
			Verdict: "degraded",
			Because: []string{"why"},
			Rows:    []report.Row{{Name: "TLS", Need: "required", Result: "ok", Text: "TLS 1.3"}},
		}
		offer = []form.Preset{
			{
				ID:        "entra",
				Name:      "Entra",
				Known:     "here",
				Fields:    []form.Field{{Key: "tenant", Label: "Tenant", Optional: true}},
				Redirects: []string{"http://localhost/callback"},
				Notes:     []string{"Note."},
			},
		}
		file = form.ImportRequest{Path: "/x", Take: true, WithSecret: true}
		got  = form.ImportResult{
			File: "/x",
			Entries: []form.ImportEntry{{
				Name: "a", Line: 3, Tool: "a",
				Taken: []form.Taken{{Key: "clientId"}}, Remarks: []form.Remark{{Code: form.RemarkTokenNotNeeded}},
			}},
		}
		on     = true
		zero   = time.Duration(0)
		change = form.Change{ClearAfter: &zero, Notifications: &on}
		prefs  = form.Preferences{
			File:       "/y",
			Problem:    &auth.Error{Kind: auth.KindSetup, What: "broken"},
			Reminders:  []time.Duration{time.Minute},
			ClearAfter: time.Second,
			Autostart:  true,
		}
	)
	c := served(t, server.Engine{Setup: knownSetup{draft, judged, offer, file, got, change, prefs}})
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
	i, err := c.Import(ctx, file)
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
	server.Setup
	began, ended chan struct{} // closed
}

func (e endlessCheck) Check(ctx context.Context, _ form.Draft) (form.Judgement, error) {
	close(e.began)
	<-ctx.Done()
	close(e.ended)
	return form.Judgement{}, ctx.Err()
}

// TestCheckIsStopped: a person who no longer wants to know is not asked for.
func TestCheckIsStopped(t *testing.T) {
	began, ended := make(chan struct{}), make(chan struct{})
	c := served(t, server.Engine{Setup: endlessCheck{began: began, ended: ended}})
	ctx, stop := context.WithCancel(t.Context())
	go func() { <-began; stop() }()
	if _, err := c.Check(ctx, form.Draft{}); err == nil {
		t.Error("no error")
	}
	<-ended
}

// served is a client of an engine that runs.
func served(t *testing.T, e server.Engine) *person.Client {
	t.Helper()
	dir := folder(t)
	serve(t, dir, e)
	return dial(t, dir)
}
