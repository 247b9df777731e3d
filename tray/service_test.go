package tray_test

import (
	"testing"
	"time"

	"keyfob/auth/session"
	"keyfob/tray"
)

// TestServiceAccountInTheMenu: a token can be copied before there is one, and
// nothing asks a person to sign in.
func TestServiceAccountInTheMenu(t *testing.T) {
	now := time.Now()
	for _, test := range []struct {
		state session.State
		label string
		copy  bool
	}{
		{session.SignedOut, "Robot · no token yet", true},
		{session.Active, "Robot · has a token", true},
		{session.Expired, "Robot · no token", false},
	} {
		s := session.Snapshot{
			Tool:        "robot",
			Name:        "Robot",
			State:       test.state,
			Service:     true,
			Renewal:     &session.Renewal{Mode: session.Automatic},
			AccessUntil: now.Add(time.Hour),
		}
		for _, e := range tray.View([]session.Snapshot{s}, now, tray.Options{}).Entries {
			if len(e.Children) == 0 {
				continue
			}
			if e.Label != test.label {
				t.Errorf("%s: %q", test.state, e.Label)
			}
			for _, c := range e.Children {
				switch c.Action {
				case tray.DoSignIn:
					if c.Label != "Get a token" || !c.Enabled {
						t.Errorf("%s: %+v", test.state, c)
					}
				case tray.DoCopy:
					if c.Enabled != test.copy {
						t.Errorf("%s: copying is possible: %v", test.state, c.Enabled)
					}
				}
			}
		}
	}
}
