package wording_test

import (
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/wording"
)

func TestMoment(t *testing.T) {
	plus2 := time.FixedZone("", 2*60*60)
	now := time.Date(2026, 3, 2, 22, 30, 0, 0, plus2)
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{now.Add(time.Hour), "at 23:30"},
		{now.Add(-22 * time.Hour), "at 00:30"},
		{now.Add(2 * time.Hour), "on 3 Mar at 00:30"},
		{now.AddDate(0, 0, 3).Add(-14 * time.Hour), "on 5 Mar at 08:30"},
		{now.AddDate(0, 0, -1), "on 1 Mar at 22:30"},
		{now.AddDate(1, 0, 0), "on 2 Mar 2027 at 22:30"},
		{time.Date(2026, 3, 2, 21, 59, 0, 0, time.UTC), "at 23:59"},
		{time.Date(2026, 3, 2, 22, 1, 0, 0, time.UTC), "on 3 Mar at 00:01"},
	} {
		if got := wording.Moment(tt.at, now); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.at, got, tt.want)
		}
	}
}

// TestShortNamesWhatToLookAt tells the causes apart that a person looks for at
// different places.
func TestShortNamesWhatToLookAt(t *testing.T) {
	for code, want := range map[string]string{
		auth.CodeClock: "wrong clock", "proxy": "proxy problem", "proxy_login": "proxy problem", "proxy_denied": "proxy problem",
		auth.CodeTLSExpired: "no secure connection", auth.CodePlainHTTP: "no secure connection", "dns": "provider unreachable",
	} {
		if got := wording.Short(&auth.Error{Kind: auth.KindTransient, Code: code}); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
