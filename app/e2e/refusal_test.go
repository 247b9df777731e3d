//go:build linux

package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/wording"
)

// TestARefusalIsExplained: the provider says no in its own way, and the person
// reads what to do, in the notification, in the menu and in `keyfob status`, and
// has what an administrator needs on the clipboard.
func TestARefusalIsExplained(t *testing.T) {
	const ref = "AADSTS50105, trace ID 0a1b2c3d-0000-1111-2222-333344445555, correlation ID 99999999-8888-7777-6666-555544443333, " +
		"2026-03-01 09:00:00Z"
	var faults *authtest.Faults
	s := npm.Start(t, npm.Config{Front: func(provider http.Handler) http.Handler {
		faults = authtest.NewFaults(provider)
		return faults
	}})
	faults.Set("/auth", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		q := r.URL.Query()
		answer := url.Values{
			"state": {q.Get("state")}, "iss": {s.Issuer}, "error": {"access_denied"},
			"error_description": {
				"AADSTS50105: Your administrator has configured the application to block users.\r\nTrace ID: " +
					"0a1b2c3d-0000-1111-2222-333344445555\r\nCorrelation ID: 99999999-8888-7777-6666-555544443333\r\nTimestamp: " +
					"2026-03-01 09:00:00Z",
			},
		}
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+answer.Encode(), http.StatusFound)
	})
	d := newDesktop(t, bed.Options{})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	d.startTray()
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	if end := d.Browser.WaitEnd(1); strings.Contains(end.Text, "Signed in") || strings.Contains(end.Text, "AADSTS") {
		t.Errorf("the browser ended on %q", end.Text)
	}
	note := d.Notes.WaitOpen("what happened", func(n bed.Note) bool { return n.Summary == "Signing in to ThingWorx Plant 4 failed" })
	const what = "this account is not assigned to the application: ask the provider's administrator to assign it"
	if !strings.HasPrefix(note.Body, wording.Begin(what)) || !strings.Contains(note.Body, ref) {
		t.Errorf("the notification reads %q", note.Body)
	}
	d.Tray.WaitEntry("ThingWorx Plant 4*", "This account is not assigned to the application: *")
	if got := d.keyfob("status", "plant4"); !strings.Contains(got.out, strings.ReplaceAll(what, ":", ";")) ||
		!strings.Contains(got.out, ref) {
		t.Errorf("status says %q", got.out)
	}
	d.Tray.Click("ThingWorx Plant 4*", "Copy details for your administrator")
	d.Wait("the details on the clipboard", func() bool {
		text := d.Clipboard()
		return strings.HasPrefix(text, "ThingWorx Plant 4: this account is not assigned to the application: assign it under") &&
			strings.HasSuffix(text, ref)
	})
}

// TestASecretThatEndsSoonIsToldOnce, over restarts.
func TestASecretThatEndsSoonIsToldOnce(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{NoDisplay: true})
	ends := time.Now().UTC().AddDate(0, 0, 5)
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true) + "client_secret_expires = " + ends.Format(time.DateOnly) + "\n")
	app := d.startTray()
	told := func() (n int) {
		for _, note := range d.Notes.All() {
			if strings.HasPrefix(note.Summary, "ThingWorx Plant 4: the client's secret ends in ") {
				n++
			}
		}
		return n
	}
	d.Wait("the reminder", func() bool { return told() == 1 })
	if got := d.keyfob("status", "plant4"); !strings.Contains(got.out, "the client's secret ends in ") {
		t.Errorf("status says %q", got.out)
	}
	d.quitTray(app)
	app = d.startTray()
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out", "Sign in")
	d.keyfob("status")
	d.quitTray(app)
	if n := told(); n != 1 {
		t.Errorf("told %d times", n)
	}
}
