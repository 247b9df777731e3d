package wording_test

import (
	"testing"
	"time"

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

func TestMomentInFull(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.FixedZone("", 2*60*60))
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{now.Add(-12 * time.Hour), "today at 00:00"},
		{now.Add(-12*time.Hour - time.Minute), "yesterday at 23:59"},
		{now.Add(-36 * time.Hour), "yesterday at 00:00"},
		{now.Add(-36*time.Hour - time.Minute), "on 2 March at 23:59"},
		{now.Add(12 * time.Hour), "tomorrow at 00:00"},
		{now.Add(36 * time.Hour), "on 6 March at 00:00"},
		{now.AddDate(1, 0, 0), "on 4 March 2027 at 12:00"},
		{now.UTC(), "today at 12:00"},
	} {
		if got := wording.MomentInFull(tt.at, now); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.at, got, tt.want)
		}
	}
}

func TestUntil(t *testing.T) {
	now := time.Date(2026, 12, 31, 12, 0, 0, 0, time.FixedZone("", 2*60*60))
	for d, want := range map[time.Duration]string{
		time.Hour:      "until 31 Dec at 13:00",
		24 * time.Hour: "until 1 Jan 2027 at 12:00",
	} {
		if got := wording.Until(now.Add(d).UTC(), now); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

// TestDateIsUTC holds that a date is the one that the provider shows.
func TestDateIsUTC(t *testing.T) {
	at := time.Date(2026, 3, 2, 0, 30, 0, 0, time.FixedZone("", 2*60*60))
	if got := wording.Date(at); got != "1 March 2026" {
		t.Error(got)
	}
}
