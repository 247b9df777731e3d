package wording_test

import (
	"testing"
	"time"

	"keyfob/auth/wording"
)

func TestSpans(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		d          time.Duration
		span, left string
	}{
		{-time.Hour, "less than a minute", "less than a minute left"},
		{0, "less than a minute", "less than a minute left"},
		{47*time.Minute + 59*time.Second, "47 min", "47 min left"},
		{time.Hour + 59*time.Second, "1 h", "1 h 0 min left"},
		{3*time.Hour + 5*time.Minute, "3 h 5 min", "3 h 5 min left"},
		{day, "1 day", "24 h 0 min left"},
		{2*day - time.Second, "1 day", "47 h 59 min left"},
		{2 * day, "2 days", "2 days left"},
		{59 * day, "59 days", "59 days left"},
		{90 * day, "3 months", "90 days left"},
		{800 * day, "2 years", "800 days left"},
	} {
		if got := wording.Span(tt.d); got != tt.span {
			t.Errorf("%v lasts %q, want %q", tt.d, got, tt.span)
		}
		if got := wording.TimeLeft(tt.d); got != tt.left {
			t.Errorf("%v: %q, want %q", tt.d, got, tt.left)
		}
	}
}

func TestDistance(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		0: "in less than a minute", -time.Second: "less than a minute ago", time.Hour: "in 1 h", -time.Hour: "1 h ago",
	} {
		if got := wording.Distance(now.Add(d), now); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestRunning(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0 s", 5900 * time.Millisecond: "5 s", time.Minute: "1 min 0 s", 125 * time.Second: "2 min 5 s",
		time.Hour: "60 min 0 s",
	} {
		if got := wording.Running(d); got != want {
			t.Errorf("%v runs for %q, want %q", d, got, want)
		}
	}
}

func TestSpanInFull(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second: "1 second", 90 * time.Minute: "1 hour 30 minutes", 24*time.Hour + 2*time.Second: "24 hours 2 seconds",
	} {
		if got := wording.SpanInFull(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestClockOff(t *testing.T) {
	for d, want := range map[time.Duration]string{
		1600 * time.Millisecond: "2 seconds ahead", time.Minute: "60 seconds ahead", 61 * time.Second: "1 minute ahead",
		-119 * time.Minute: "119 minutes behind", -2 * time.Hour: "2 hours behind", 47 * time.Hour: "47 hours ahead",
		60 * time.Hour: "3 days ahead",
	} {
		if got := wording.ClockOff(d); got != "this computer's clock is "+want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
