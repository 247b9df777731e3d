package wording

import (
	"time"

	"keyfob/auth/session"
)

// Memory says that only memory holds the session's tokens, and until when, as far
// as that is known: "kept in memory only, until 15:04". It is empty for tokens that
// the keychain holds, and where there are none.
func Memory(s session.Snapshot, now time.Time) string {
	const only = "kept in memory only, "
	switch end := s.MemoryUntil.In(now.Location()); {
	case s.Store != session.StoreMemory:
		return ""
	case end.IsZero():
		return only + "until Keyfob quits"
	case end.Year() == now.Year() && end.YearDay() == now.YearDay():
		return only + "until " + end.Format(clock)
	default:
		return only + Until(end, now)
	}
}
