package wording

import (
	"strconv"
	"time"

	"keyfob/auth/session"
)

// SecretLead is how far ahead of its end a client's secret is spoken of.
const SecretLead = 30 * 24 * time.Hour

// SecretWarning says in a few words that the client's secret ends within
// SecretLead or has ended, and nothing otherwise. Dates are UTC, as providers
// show them.
func SecretWarning(s session.Snapshot, now time.Time) string {
	end := s.SecretExpires
	left := end.Sub(now.Round(0))
	switch date := shortDate(end); {
	case end.IsZero() || left > SecretLead:
		return ""
	case left <= 0:
		return "the client's secret ended on " + date
	case left <= 24*time.Hour:
		return "the client's secret ends within a day, on " + date
	default:
		days := int((left + 24*time.Hour - 1) / (24 * time.Hour))
		return "the client's secret ends in " + strconv.Itoa(days) + " days, on " + date
	}
}
