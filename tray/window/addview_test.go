package window

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"keyfob/app/check/report"
	"keyfob/app/setup/form"
	"keyfob/auth"
)

// entraForm is a preset as the engine gives it.
var entraForm = form.Preset{
	ID: "entra", Name: "Microsoft Entra ID", Known: "login.microsoftonline.com",
	Fields: []form.Field{
		{Key: "name", Label: "Name", Example: "ThingWorx Plant 4", Help: "as it is to stand in the menu"},
		{Key: "tenant", Label: "Tenant", Example: "1111-2222", Help: "its ID or a domain of it"},
		{Key: "client_id", Label: "Client ID", Example: "3333-4444"},
		{Key: "home", Label: "Home page", Example: "https://thingworx.example.com", Optional: true},
		{Key: "scopes", Label: "More scopes", Optional: true, Value: "profile"},
	},
	Redirects: []string{"http://localhost/callback"},
	Notes:     []string{"Register the platform \"Mobile and desktop applications\"."},
}

// addText writes a form the way that it reads.
func addText(m addModel) string {
	var b strings.Builder
	for _, f := range m.Fields {
		if f.Begins != "" {
			fmt.Fprintln(&b, "--", f.Begins)
		}
		fmt.Fprintln(&b, strings.TrimSpace(fmt.Sprintf("%s (%s) [%s]", f.Label, f.Hint, f.Example)))
		if f.Note != "" {
			fmt.Fprintln(&b, "  ", f.Note)
		}
		if f.Fault != "" {
			fmt.Fprintln(&b, "   !", f.Fault)
		}
	}
	if m.Wrong != "" {
		fmt.Fprintln(&b, "!", m.Wrong)
	}
	if c := m.Check; c != nil {
		fmt.Fprintf(&b, "== (%s) %s %s\n", c.Mark, c.Verdict, c.More)
		for _, r := range c.Rows {
			fmt.Fprintf(&b, "   (%s) %s: %s\n", r.Mark, r.Name, r.Text)
		}
	}
	fmt.Fprintln(&b, "==", m.Register)
	for _, r := range m.Redirects {
		fmt.Fprintln(&b, "  ", r)
	}
	for _, n := range m.Notes {
		fmt.Fprintln(&b, "   *", n)
	}
	if m.Busy {
		fmt.Fprint(&b, "(at work) ")
	}
	fmt.Fprintf(&b, "%s [%s] [%s]\n", m.Status, m.CheckWord, m.SaveWord)
	return b.String()
}

const entraFields = `Name (as it is to stand in the menu) [ThingWorx Plant 4]
Tenant (its ID or a domain of it) [1111-2222]
Client ID () [3333-4444]
-- If you like
Home page () [https://thingworx.example.com]
More scopes () []
`

const entraSide = `== To be set up at the provider, once
   http://localhost/callback
   * Register the platform "Mobile and desktop applications".
`

func TestAddView(t *testing.T) {
	judged := func(verdict report.Verdict, because ...string) *form.Judgement {
		return &form.Judgement{Verdict: verdict, Because: because, Rows: []report.Row{
			{Name: "TLS", Need: "required", Result: "ok", Text: "TLS 1.3"},
			{Name: "PKCE S256", Need: "required", Result: "unknown", Text: "the metadata does not say"},
			{Name: "keys", Need: "required", Result: "failed", Text: "there are none"},
			{Name: "sign-out", Need: "recommended", Result: "failed", Text: "there is no end_session_endpoint"},
			{Name: "revocation", Need: "noted", Result: "failed", Text: "none"},
		}}
	}
	const rows = `   (ok) TLS: TLS 1.3
   (not known) PKCE S256: the metadata does not say
   (failed) Keys: there are none
   (could be better) Sign-out: there is no end_session_endpoint
   (to know) Revocation: none
`
	for _, tt := range []struct {
		name  string
		state addState
		want  string
	}{
		{"empty", addState{}, entraFields + entraSide + " [Check] [Save]\n"},
		{
			"a name that another tool has, and faults",
			addState{
				values: map[string]string{"name": "Plant 4"}, taken: []string{"plant-4"},
				faults: map[string]string{"tenant": "This is needed.", "": "Something else."},
			},
			strings.Replace(
				strings.Replace(entraFields, "[ThingWorx Plant 4]\n", "[ThingWorx Plant 4]\n   On the command line: plant-4-2\n", 1),
				"[1111-2222]\n", "[1111-2222]\n   ! This is needed.\n", 1,
			) +
				"! Something else.\n" + entraSide + "Something is missing or cannot be used. [Check] [Save]\n",
		},
		{"asking", addState{busy: addChecking}, entraFields + entraSide +
			"(at work) Asking the provider… Esc stops it. [Check] [Save]\n"},
		{
			"saving",
			addState{busy: addSaving, judged: judged("compatible")},
			entraFields + "== (ok) This provider fits. Whether it knows the client ID shows when you sign in.\n" +
				rows + entraSide + "(at work) Saving… [Check] [Save]\n",
		},
		{
			"fits",
			addState{judged: judged("compatible")},
			entraFields + "== (ok) This provider fits. Whether it knows the client ID shows when you sign in.\n" +
				rows + entraSide + " [Check again] [Save]\n",
		},
		{
			"limits",
			addState{judged: judged("degraded", "there is no end_session_endpoint", "x")},
			entraFields + "== (could be better) This works, with limits. There is no end_session_endpoint. X.\n" +
				rows + entraSide + " [Check again] [Save]\n",
		},
		{
			"no",
			addState{judged: judged("incompatible", "there are none")},
			entraFields + "== (failed) This will not work. There are none.\n" + rows + entraSide +
				"The check failed. Fix the fields, or save anyway. [Check again] [Save anyway]\n",
		},
		{
			"out of reach",
			addState{problem: &auth.Error{Kind: auth.KindTransient, What: "the provider cannot be reached", Do: "check the network"}},
			entraFields + "== (failed) The provider cannot be reached. Check the network. \n" +
				entraSide + "The check failed. Fix the fields, or save anyway. [Check again] [Save anyway]\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.state.preset = entraForm
			if got := addText(addView(&tt.state)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestRedirectsFollowTheServer shows what to register as soon as the provider's
// host is known.
func TestRedirectsFollowTheServer(t *testing.T) {
	s := addState{preset: form.Preset{
		Fields:    []form.Field{{Key: "host", Label: "Server", Host: "%"}},
		Redirects: []string{"http://127.0.0.1:1/callback/HOST", "http://127.0.0.1:2/callback/HOST"},
	}, values: map[string]string{}}
	for typed, want := range map[string]string{"": "HOST", "fs.example.com": "fs.example.com"} {
		s.values["host"] = typed
		if got := addView(&s).Redirects; !slices.Equal(
			got,
			[]string{"http://127.0.0.1:1/callback/" + want, "http://127.0.0.1:2/callback/" + want},
		) {
			t.Errorf("with %q: %q", typed, got)
		}
	}
}

// TestTypingForgetsTheCheck: what the provider said holds for what it was asked
// about.
func TestTypingForgetsTheCheck(t *testing.T) {
	for key, forgets := range map[string]bool{"tenant": true, "client_id": true, "scopes": true, "name": false, "home": false} {
		s := addState{
			preset: entraForm,
			values: map[string]string{},
			judged: &form.Judgement{Verdict: "incompatible"},
			faults: map[string]string{key: "Wrong.", "": "Wrong."},
		}
		s.typed(key, "x")
		if (s.judged == nil) != forgets || s.values[key] != "x" || len(s.faults) > 0 {
			t.Errorf("%s: %+v", key, s)
		}
	}
}

func TestAddChoices(t *testing.T) {
	want := []addChoice{
		{"import", "ThingWorx's own settings", "sso-settings.json or platform-settings.json; holds all that is needed"},
		{"add/entra", "Microsoft Entra ID", "login.microsoftonline.com"},
	}
	got := addChoices([]form.Preset{entraForm})
	for i, c := range want {
		if got[i] != c {
			t.Errorf("choice %d is %+v", i, got[i])
		}
	}
}
