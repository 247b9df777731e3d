package window

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// rowsText writes the list the way that it reads.
func rowsText(rows []widget.ListRow) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "(%s) %s · %s", r.Icon, r.Title, r.Text)
		if r.TimeLeft.Shown {
			fmt.Fprintf(&b, " [%.0f%%", 100*r.TimeLeft.Part)
			if r.TimeLeft.Soon {
				b.WriteString(", soon")
			}
			b.WriteString("]")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// signedIn is a session of an hour, of which left is left.
func signedIn(id, name string, left time.Duration) session.Snapshot {
	return session.Snapshot{
		Tool: id, Name: name, Home: "https://" + id + ".example.com", State: session.Active, Account: "anna@example.com", Set: "1",
		SignedInAt: noon.Add(left - time.Hour), EndsAt: noon.Add(left), AccessUntil: noon.Add(left), Store: session.StoreKeychain,
		Renewal: &session.Renewal{Mode: session.Manual, Reason: "the provider gives this client no refresh token"},
	}
}

// renewing is a session that goes on by itself.
func renewing(id, name string) session.Snapshot {
	s := signedIn(id, name, 30*time.Minute)
	s.EndsAt, s.Renewal = time.Time{}, &session.Renewal{Mode: session.Automatic}
	return s
}

func with(s session.Snapshot, change func(*session.Snapshot)) session.Snapshot {
	change(&s)
	return s
}

var (
	refused = &auth.Error{
		Kind: auth.KindDenied, Code: "access_denied", Who: auth.WhoAdmin, Ref: "AADSTS50105",
		What: "this account is not assigned to the application", Do: "add you to it",
	}
	unreachable = &auth.Error{Kind: auth.KindTransient, Who: auth.WhoWait, What: "the provider cannot be reached", Do: "check the network"}
)

func TestToolRows(t *testing.T) {
	snaps := []session.Snapshot{
		signedIn("plant4", "ThingWorx Plant 4", 47*time.Minute),
		renewing("lean", "ioTORQ LEAN"),
		with(renewing("mes", "MES"), func(s *session.Snapshot) { s.Problem = unreachable }),
		with(signedIn("park", "ThingPark", -time.Minute), func(s *session.Snapshot) { s.State = session.Expired }),
		with(signedIn("line3", "Line 3", 6*time.Minute), func(s *session.Snapshot) { s.State = session.Expiring }),
		{Tool: "hist", Name: "Historian", State: session.SignedOut, Problem: refused},
		{Tool: "new", State: session.SignedOut},
		{
			Tool:    "bad",
			Name:    "Bad",
			State:   session.SignedOut,
			Problem: &auth.Error{Kind: auth.KindSetup, Code: auth.CodeSettings, What: "x"},
		},
		{
			Tool:    "locked",
			Name:    "Locked",
			State:   session.Unavailable,
			Problem: &auth.Error{Kind: auth.KindKeychain, Code: auth.CodeKeychainLocked, What: "x"},
		},
		{Tool: "robot", Name: "Robot", State: session.Active, Service: true, Renewal: &session.Renewal{Mode: session.Automatic}},
		{Tool: "busy", Name: "Busy", State: session.SigningIn},
	}
	want := `(needs) ThingPark · sign in again
(needs) Locked · keychain locked
(working) Busy · signing in…
(soon) Line 3 · 6 min left [10%, soon]
(problem) Bad · settings need fixing
(well) ThingWorx Plant 4 · 47 min left [78%]
(well) ioTORQ LEAN · signed in · renews itself
(well) MES · signed in · provider unreachable
(problem) Historian · signed out · sign-in declined
(out) new · signed out
(well) Robot · has a token
`
	if got := rowsText(toolRows(snaps, "", noon)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for filter, want := range map[string]string{
		"thing":     "(needs) ThingPark · sign in again\n(well) ThingWorx Plant 4 · 47 min left [78%]\n",
		" 4 PLANT ": "(well) ThingWorx Plant 4 · 47 min left [78%]\n",
		"hist":      "(problem) Historian · signed out · sign-in declined\n",
		"none such": "",
	} {
		if got := rowsText(toolRows(snaps, filter, noon)); got != want {
			t.Errorf("%q finds\n%swant\n%s", filter, got, want)
		}
	}
}
