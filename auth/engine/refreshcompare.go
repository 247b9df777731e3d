package engine

import (
	"time"

	"keyfob/auth"
)

// replaced reports whether stored, read just now, counts more than before, which
// this process has had for a while: it is another set, or says another thing of
// the same. A set that is older than before is none that a process of today
// wrote; it came back with a backup.
func replaced(stored, before auth.Tokens) bool {
	same := stored.Access == before.Access && stored.Refresh == before.Refresh &&
		stored.RefreshRefused == before.RefreshRefused && stored.RefreshUnproven == before.RefreshUnproven &&
		(stored.Refusal == nil) == (before.Refusal == nil)
	return !same && !stored.IssuedAt.Before(before.IssuedAt.Add(-clockSlack))
}

// enough reports whether t needs no refresh for a caller who wants an access
// token for atLeast, or that a refresh would be of no use.
func enough(tool auth.Tool, t auth.Tokens, now time.Time, atLeast time.Duration) bool {
	f := Facts{Tool: tool, Tokens: &t}
	if !renewable(f, now) || shortLived(t, now, atLeast) {
		return true
	}
	return t.Valid(now, atLeast) && now.Before(refreshAt(f))
}

// justIssued is how old a token may be of which another one, asked for at
// once, would not live longer.
const justIssued = time.Minute

// shortLived reports whether t came by a refresh just now, and for no longer
// than atLeast: the provider gives no longer ones.
func shortLived(t auth.Tokens, now time.Time, atLeast time.Duration) bool {
	return t.Valid(now, 0) && t.IssuedAt.After(t.SignedInAt) && now.Sub(t.IssuedAt) < justIssued && t.Expiry.Sub(t.IssuedAt) <= atLeast
}

// endFixed reports whether a refresh left the refresh token's end where it
// was: moved by less than half of the time that has passed.
func endFixed(before, after auth.Tokens) bool {
	if before.RefreshUnproven { // how long ago that one came is not known
		return before.RefreshEndFixed
	}
	if before.RefreshExpiry.IsZero() || after.RefreshExpiry.IsZero() {
		return false
	}
	moved := after.RefreshExpiry.Sub(before.RefreshExpiry)
	return moved < after.IssuedAt.Sub(before.IssuedAt)/2
}
