package window

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// noon is a Wednesday two hours east of UTC.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.FixedZone("", 2*3600))

// ended is a session of tool id that ended before noon.
func ended(id, name string, before time.Duration, reason string) session.Snapshot {
	return session.Snapshot{
		Tool: id, Name: name, State: session.Expired, Account: "anna@example.com",
		EndsAt:  noon.Add(-before).UTC(),
		Renewal: &session.Renewal{Mode: session.Manual, Reason: reason},
	}
}

// text writes a model the way that the window reads.
func text(m promptModel) string {
	var b strings.Builder
	fmt.Fprintln(&b, m.Heading)
	for _, r := range m.Rows {
		if len(m.Rows) > 1 {
			fmt.Fprintln(&b, "--", r.Name)
		}
		for _, f := range r.Facts {
			fmt.Fprintln(&b, f)
		}
		if r.Problem != "" {
			fmt.Fprintln(&b, "!", r.Problem)
		}
		if r.Waiting {
			fmt.Fprint(&b, "(waiting) ")
		}
		fmt.Fprintf(&b, "[%s]\n", r.Action)
	}
	return b.String()
}

func TestPromptView(t *testing.T) {
	plant := ended("plant4", "ThingWorx Plant 4", 15*time.Minute, "offline_access was not asked for")
	park := ended("park", "ThingPark Enterprise", 14*time.Hour, "the provider gave no refresh token.")
	unreachable := &auth.Error{Kind: auth.KindTransient, What: "the provider cannot be reached", Do: "check the network", Who: auth.WhoYou}

	tests := []struct {
		name  string
		snaps []session.Snapshot
		tools []string
		tries map[string]attempt
		want  string
	}{
		{
			name: "one", snaps: []session.Snapshot{park, plant}, tools: []string{"plant4"},
			want: `Your ThingWorx Plant 4 session has ended
Signed in as anna@example.com
Ended today at 11:45
It could not renew itself: offline_access was not asked for.
[Sign in]
`,
		},
		{
			name: "several, in the order asked for", snaps: []session.Snapshot{park, plant}, tools: []string{"plant4", "park"},
			want: `2 sessions have ended
-- ThingWorx Plant 4
anna@example.com · ended today at 11:45
It could not renew itself: offline_access was not asked for.
[Sign in]
-- ThingPark Enterprise
anna@example.com · ended yesterday at 22:00
It could not renew itself: the provider gave no refresh token.
[Sign in]
`,
		},
		{
			name: "one of several was signed in", snaps: []session.Snapshot{
				in(park, session.Active), plant,
			}, tools: []string{"plant4", "park"},
			want: `Your ThingWorx Plant 4 session has ended
Signed in as anna@example.com
Ended today at 11:45
It could not renew itself: offline_access was not asked for.
[Sign in]
`,
		},
		{
			name: "signing in from here", snaps: []session.Snapshot{plant}, tools: []string{"plant4"},
			tries: map[string]attempt{"plant4": {running: true, err: unreachable}},
			want: `Your ThingWorx Plant 4 session has ended
Signed in as anna@example.com
Ended today at 11:45
It could not renew itself: offline_access was not asked for.
(waiting) [Cancel]
`,
		},
		{
			name: "signing in from the tray", snaps: []session.Snapshot{in(plant, session.SigningIn)}, tools: []string{"plant4"},
			want: `Your ThingWorx Plant 4 session has ended
Signed in as anna@example.com
Ended today at 11:45
It could not renew itself: offline_access was not asked for.
(waiting) [Cancel]
`,
		},
		{
			name: "no browser opens", tools: []string{"plant4"}, tries: map[string]attempt{"plant4": {running: true}},
			snaps: []session.Snapshot{{
				Tool: "plant4", Name: "Plant 4", State: session.SigningIn,
				Problem: &auth.Error{What: "the browser does not open", Do: "open the address yourself"},
			}},
			want: "Your Plant 4 session has ended\n! The browser does not open. Open the address yourself.\n(waiting) [Cancel]\n",
		},
		{
			name: "a sign-in failed", snaps: []session.Snapshot{plant}, tools: []string{"plant4"},
			tries: map[string]attempt{"plant4": {err: fmt.Errorf("login: %w", unreachable)}},
			want: `Your ThingWorx Plant 4 session has ended
Signed in as anna@example.com
Ended today at 11:45
It could not renew itself: offline_access was not asked for.
! The provider cannot be reached. Check the network.
[Try again]
`,
		},
		{
			name: "little is known", tools: []string{"plant4"},
			snaps: []session.Snapshot{{Tool: "plant4", State: session.Expired}},
			want:  "Your plant4 session has ended\n[Sign in]\n",
		},
		{
			name: "hostile texts", tools: []string{"plant4"},
			snaps: []session.Snapshot{{
				Tool: "plant4", Name: "Plant\n4\x1b[31m", State: session.Expired,
				Account: "evil\u202etxt\xff" + strings.Repeat("x", 100),
			}},
			want: "Your Plant 4 [31m session has ended\nSigned in as eviltxt�" + strings.Repeat("x", 51) + "…\n[Sign in]\n",
		},
		{name: "all signed in", snaps: []session.Snapshot{in(plant, session.Active)}, tools: []string{"plant4"}, want: "\n"},
		{name: "tool gone from the settings", tools: []string{"plant4"}, want: "\n"},
		{
			name:  "keychain locked meanwhile",
			snaps: []session.Snapshot{in(plant, session.Unavailable)},
			tools: []string{"plant4"},
			want:  "\n",
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := text(promptView(tc.snaps, tc.tools, tc.tries, noon)); got != tc.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tc.want)
			}
		})
	}
}

func TestWhenEnded(t *testing.T) {
	at := func(s string) time.Time {
		end, err := time.ParseInLocation("2006-01-02 15:04", s, noon.Location())
		if err != nil {
			t.Fatal(err)
		}
		return end
	}
	tests := []struct {
		name         string
		ends, access time.Time
		want         string
	}{
		{name: "today's first minute", ends: at("2026-03-04 00:00"), want: "ended today at 00:00"},
		{name: "yesterday's last minute", ends: at("2026-03-03 23:59"), want: "ended yesterday at 23:59"},
		{name: "yesterday's first minute", ends: at("2026-03-03 00:00"), want: "ended yesterday at 00:00"},
		{name: "this year", ends: at("2026-03-02 23:59"), want: "ended on 2 March at 23:59"},
		{name: "last year", ends: at("2025-12-31 08:30"), want: "ended on 31 December 2025 at 08:30"},
		{name: "ended ahead of its time", ends: at("2026-03-05 08:00"), access: at("2026-03-04 11:00"), want: "ended today at 11:00"},
		{name: "no end known", ends: at("2026-03-05 08:00")},
		{name: "no times at all"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := whenEnded(session.Snapshot{EndsAt: tc.ends, AccessUntil: tc.access}, noon); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
