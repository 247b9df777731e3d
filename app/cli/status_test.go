package cli_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"keyfob/app/cli"
	"keyfob/auth"
	"keyfob/auth/session"
)

// TestStatusLine checks how the end of access reads: with its day, and only
// where it is known and nothing else comes first.
func TestStatusLine(t *testing.T) {
	local := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 1, 0, 0, time.Local) }
	now := local(28, 12)
	manual := &session.Renewal{Mode: session.Manual, Reason: "offline_access was not asked for", AddOffline: true}
	const because = " because offline_access was not asked for"
	const tip = "; with the scope offline_access this provider may issue a refresh token: " +
		"`keyfob login p --offline` adds it and signs in again"
	for _, tt := range []struct {
		name string
		s    session.Snapshot
		want string
	}{
		{
			"today",
			session.Snapshot{State: session.Active, EndsAt: local(28, 13), Renewal: manual},
			"1 h 0 min left; ends at 13:01" + because + tip,
		},
		{
			"in three days",
			session.Snapshot{State: session.Active, EndsAt: local(31, 20), Renewal: manual},
			"3 days left; ends on 1 Dec at 20:01" + because + tip,
		},
		{
			"next year",
			session.Snapshot{State: session.Active, EndsAt: local(65, 8), Renewal: manual},
			"36 days left; ends on 4 Jan 2027 at 08:01" + because + tip,
		},
		{
			"over since yesterday",
			session.Snapshot{State: session.Expired, EndsAt: local(27, 8), Renewal: manual},
			"sign in again; ended on 27 Nov at 08:01" + because + tip,
		},
		{
			"over since this morning",
			session.Snapshot{State: session.Expired, EndsAt: local(28, 8), Renewal: manual},
			"sign in again; ended at 08:01" + because + tip,
		},
		{
			"over before it began",
			session.Snapshot{State: session.Expired, Renewal: &session.Renewal{Mode: session.Manual, Reason: "x"}},
			"sign in again; ended because x",
		},
		{"signing in", session.Snapshot{State: session.SigningIn, EndsAt: local(28, 13), Renewal: manual}, "signing in…"},
		{
			"signing in where it renews",
			session.Snapshot{State: session.SigningIn, Renewal: &session.Renewal{Mode: session.Automatic}},
			"signing in…",
		},
		{
			"refused",
			session.Snapshot{
				State: session.Expired, EndsAt: local(28, 8), Renewal: manual,
				Problem: &auth.Error{Kind: auth.KindDenied, What: "you are not a test user", Do: "ask for it"},
			},
			"sign in again; ended at 08:01" + because + "; you are not a test user; ask for it",
		},
		{
			"a fault that passes",
			session.Snapshot{
				State: session.Expired, EndsAt: local(28, 8), Renewal: manual,
				Problem: &auth.Error{Kind: auth.KindTransient, What: "no network", Do: "wait"},
			},
			"sign in again; ended at 08:01" + because + tip + "; no network; wait",
		},
	} {
		tt.s.Tool, tt.s.Name = "p", "P"
		var out bytes.Buffer
		e := &engine{all: []session.Snapshot{tt.s}}
		if err := run(t.Context(), t, "status", e, cli.Env{Out: &out, Now: func() time.Time { return now }}); err != nil {
			t.Fatal(err)
		}
		if want := "P (p): " + tt.want + "\n"; out.String() != want {
			t.Errorf("%s:\ngot  %swant %s", tt.name, out.String(), want)
		}
	}
}

// TestStatusJSONHoldsNoAddress keeps the sign-in address, which carries the
// request's state, out of what programs store.
func TestStatusJSONHoldsNoAddress(t *testing.T) {
	var out bytes.Buffer
	e := &engine{all: []session.Snapshot{{Tool: "a", State: session.SigningIn, SignInURL: "https://idp.example/?state=s"}}}
	if err := run(t.Context(), t, "status --json", e, cli.Env{Out: &out, Err: io.Discard, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, `"signing_in"`) || strings.Contains(s, "idp.example") {
		t.Errorf("status --json prints %s", s)
	}
}
