//go:build unix

package keycloak_test

import (
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest/keycloak"
	"keyfob/auth/authtest/machine"
	"keyfob/auth/session"
)

// TestKeycloak runs one server for all, since it takes its time to start; each
// part has a realm of its own.
func TestKeycloak(t *testing.T) {
	s := keycloak.Start(t)
	for _, part := range []struct {
		name string
		test func(*testing.T, *keycloak.Server)
	}{
		{"signs in and renews", signsInAndRenews},
		{"every algorithm", everyAlgorithm},
		{"bound or offline", boundOrOffline},
		{"nobody without the role goes offline", withoutTheRole},
		{"an ended session ends the refresh token", endedSession},
		{"an offline session ends", endedOfflineSession},
		{"a disabled account", disabledAccount},
		{"rotation and reuse", rotationAndReuse},
		{"the session's own end", sessionsOwnEnd},
		{"signs out", signsOut},
		{"signs out without a return address", signsOutForGood},
		{"no refresh token", noRefreshToken},
		{"client secrets and service accounts", secrets},
		{"refusals", refusals},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, s) })
	}
}

// told is the error as a person reads it, and who must act.
func told(t *testing.T, err error, kind auth.Kind, who auth.Who, words string) {
	t.Helper()
	e := auth.AsError(err)
	if e == nil || e.Kind != kind || e.Who != who || !strings.Contains(e.Error(), words) {
		t.Errorf("got %+v, want %s, for %s, with %q", e, kind, who, words)
	}
}

// renews is what the refresh token is bound to, as a person is told.
func renews(t *testing.T, d *machine.Machine, tool string) auth.Binding {
	t.Helper()
	snap := d.Snapshot(tool)
	if snap.State != session.Active || snap.Renewal.Mode != session.Automatic || snap.Problem != nil {
		t.Errorf("it is %s, %+v, %v", snap.State, snap.Renewal, snap.Problem)
	}
	return snap.Renewal.Bound
}
