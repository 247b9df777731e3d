package session

import (
	"slices"

	"keyfob/auth"
)

// Equal reports whether s and o tell a person the same. Times are the same that
// are the same moment; causes of errors, which nobody is told, do not count.
func (s Snapshot) Equal(o Snapshot) bool {
	return s.Tool == o.Tool && s.Name == o.Name && s.Home == o.Home && s.API == o.API &&
		s.State == o.State && s.Account == o.Account && slices.Equal(s.Scopes, o.Scopes) &&
		s.SignedInAt.Equal(o.SignedInAt) && s.AccessUntil.Equal(o.AccessUntil) && s.EndsAt.Equal(o.EndsAt) &&
		equal(
			s.Renewal,
			o.Renewal,
		) && equal(told(s.Problem), told(o.Problem)) && s.Store == o.Store && s.MemoryUntil.Equal(o.MemoryUntil) &&
		s.SignInURL == o.SignInURL && s.SignInAt.Equal(o.SignInAt) && s.Set == o.Set &&
		s.Reminder.Equal(o.Reminder) && s.NextWake.Equal(o.NextWake) && s.RefreshAt.Equal(o.RefreshAt) &&
		s.SecretExpires.Equal(o.SecretExpires) && s.Service == o.Service && slices.Equal(s.Warnings, o.Warnings)
}

func equal[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// told is e without its cause.
func told(e *auth.Error) *auth.Error {
	if e == nil {
		return nil
	}
	out := *e
	out.Err = nil
	return &out
}
