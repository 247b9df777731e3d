package wording_test

import (
	"testing"
	"time"

	"keyfob/auth/session"
	"keyfob/auth/wording"
)

func TestSecretWarning(t *testing.T) {
	const day = 24 * time.Hour
	end := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	for before, want := range map[time.Duration]string{
		31 * day:               "",
		30 * day:               "the client's secret ends in 30 days, on 1 Mar 2027",
		6*day + 1:              "the client's secret ends in 7 days, on 1 Mar 2027",
		day + time.Nanosecond:  "the client's secret ends in 2 days, on 1 Mar 2027",
		day:                    "the client's secret ends within a day, on 1 Mar 2027",
		time.Nanosecond:        "the client's secret ends within a day, on 1 Mar 2027",
		0:                      "the client's secret ended on 1 Mar 2027",
		-1000 * time.Hour * 24: "the client's secret ended on 1 Mar 2027",
	} {
		if got := wording.SecretWarning(session.Snapshot{SecretExpires: end}, end.Add(-before)); got != want {
			t.Errorf("%s ahead: %q, want %q", before, got, want)
		}
	}
	if got := wording.SecretWarning(session.Snapshot{}, end); got != "" {
		t.Errorf("without a date: %q", got)
	}
}
