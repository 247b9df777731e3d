package prompts_test

import (
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/prompts"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

var begin = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// signedIn are the facts of an eight-hour session, which nothing renews, with
// reminders at fifteen and five minutes.
func signedIn(tool, set string) engine.Facts {
	return engine.Facts{
		Tool:   auth.Tool{ID: tool, Name: tool, Reminders: []time.Duration{15 * time.Minute, 5 * time.Minute}},
		Loaded: true,
		Tokens: &auth.Tokens{Access: "a", Set: set, SignedInAt: begin, IssuedAt: begin, Expiry: begin.Add(8 * time.Hour)},
	}
}

// TestADay looks at real sessions once a minute from eight to six, and expects
// each thing to be told once, at its time, and nothing of what renews itself.
func TestADay(t *testing.T) {
	ends, renews := signedIn("ends", "1"), signedIn("renews", "2")
	renews.Tokens.Refresh = "r"
	var shown prompts.Shown
	got := map[string]string{}
	for at := begin; at.Before(begin.Add(10 * time.Hour)); at = at.Add(time.Minute) {
		if said := words(shown.Update([]session.Snapshot{engine.Derive(ends, at), engine.Derive(renews, at)})); said != "" {
			got[at.Format("15:04")] = said
		}
	}
	want := map[string]string{"15:45": "remind ends", "15:55": "remind ends", "16:00": "prompt ends"}
	if len(got) != len(want) {
		t.Errorf("told %v, want %v", got, want)
	}
	for at, said := range want {
		if got[at] != said {
			t.Errorf("at %s told %q, want %q", at, got[at], said)
		}
	}
}

// TestTheLatestOnly looks away for a while, as when the screen is locked.
func TestTheLatestOnly(t *testing.T) {
	facts := signedIn("a", "1")
	for _, tt := range []struct {
		until time.Duration // after the beginning
		want  string
	}{
		{7 * time.Hour, ""},
		{7*time.Hour + 46*time.Minute, "remind a"},
		{7*time.Hour + 57*time.Minute, "remind a"},
		{9 * time.Hour, "prompt a"},
	} {
		var shown prompts.Shown
		shown.Update([]session.Snapshot{engine.Derive(facts, begin)})
		now := []session.Snapshot{engine.Derive(facts, begin.Add(tt.until))}
		if got := words(shown.Update(now)); got != tt.want {
			t.Errorf("back after %v: told %q, want %q", tt.until, got, tt.want)
		}
		if got := words(shown.Update(now)); got != "" {
			t.Errorf("back after %v: told %q as well", tt.until, got)
		}
	}
}

// TestClocksThatAreSet tells nothing twice when the clock is set, except an
// end that turned out to be none.
func TestClocksThatAreSet(t *testing.T) {
	facts := signedIn("a", "1")
	at := func(d time.Duration) []session.Snapshot {
		return []session.Snapshot{engine.Derive(facts, begin.Add(d))}
	}
	var shown prompts.Shown
	for i, tt := range []struct {
		now  time.Duration
		want string
	}{
		{7*time.Hour + 50*time.Minute, "remind a"},
		{7 * time.Hour, "clear a"}, // set back an hour
		{7*time.Hour + 50*time.Minute, ""},
		{7*time.Hour + 55*time.Minute, "remind a"},
		{7*time.Hour + 50*time.Minute, ""}, // and five minutes
		{7*time.Hour + 56*time.Minute, ""},
		{20 * time.Hour, "prompt a"}, // ahead
		{7*time.Hour + 57*time.Minute, ""},
		{7 * time.Hour, "clear a"},
		{8 * time.Hour, "prompt a"},
		{9 * time.Hour, ""},
	} {
		if got := words(shown.Update(at(tt.now))); got != tt.want {
			t.Errorf("%d, at %v: told %q, want %q", i, tt.now, got, tt.want)
		}
	}

	// The manager moves the times of a token when the clock was set back.
	shown = prompts.Shown{}
	shown.Update(at(7*time.Hour + 50*time.Minute))
	facts.Tokens.IssuedAt, facts.Tokens.Expiry = begin.Add(-time.Hour), begin.Add(7*time.Hour)
	for _, tt := range []struct {
		now  time.Duration
		want string
	}{{6*time.Hour + 51*time.Minute, ""}, {6*time.Hour + 55*time.Minute, "remind a"}, {7 * time.Hour, "prompt a"}} {
		if got := words(shown.Update(at(tt.now))); got != tt.want {
			t.Errorf("the end moved ahead, at %v: told %q, want %q", tt.now, got, tt.want)
		}
	}
}

// TestAnEndThatIsPutOff reminds anew of a session whose known end a refresh
// has moved.
func TestAnEndThatIsPutOff(t *testing.T) {
	facts := signedIn("a", "1")
	facts.Tokens.Refresh, facts.Tokens.RefreshExpiry, facts.Tokens.RefreshEndFixed = "r", begin.Add(8*time.Hour), true
	var shown prompts.Shown
	at := func(d time.Duration) string {
		return words(shown.Update([]session.Snapshot{engine.Derive(facts, begin.Add(d))}))
	}
	if got := at(7*time.Hour + 56*time.Minute); got != "remind a" {
		t.Errorf("told %q", got)
	}
	facts.Tokens.RefreshExpiry, facts.Tokens.Expiry = begin.Add(16*time.Hour), begin.Add(9*time.Hour)
	if got := at(7*time.Hour + 57*time.Minute); got != "clear a" {
		t.Errorf("put off: told %q", got)
	}
	if got := at(15*time.Hour + 46*time.Minute); got != "remind a" {
		t.Errorf("before the other end: told %q", got)
	}
}

// TestARefusalIsPromptedOnceOverRestarts restarts the program each hour while
// the provider goes on refusing: a restart takes the session up again, which
// is no reason to ask the person again.
func TestARefusalIsPromptedOnceOverRestarts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "prompts.json")
	facts := signedIn("a", "1")
	facts.Tokens.Refresh = "r"
	prompted := 0
	for hour := range 24 {
		shown := prompts.Load(path)
		at := begin.Add(8*time.Hour + time.Duration(hour)*time.Hour)
		for _, step := range []func(*engine.Facts){
			func(f *engine.Facts) { f.Tokens, f.Loaded = nil, false }, // the keychain is being read
			func(*engine.Facts) {}, // it will be renewed, for all we know
			func(f *engine.Facts) { f.Halted = &auth.Error{Kind: auth.KindSetup, Code: "invalid_client"} },
		} {
			now := facts
			step(&now)
			prompted += len(shown.Update([]session.Snapshot{engine.Derive(now, at)}).Prompt)
			if err := shown.Save(t.Context(), path); err != nil {
				t.Fatal(err)
			}
		}
	}
	if prompted != 1 {
		t.Errorf("prompted %d times for one session", prompted)
	}
}
