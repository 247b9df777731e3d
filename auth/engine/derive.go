package engine

import (
	"slices"
	"time"

	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/provider"
	"keyfob/auth/session"
)

// maxRefreshMargin bounds how far ahead of the access token's end it is
// renewed. The margin is a fifth of the token's life where that is shorter.
const maxRefreshMargin = 5 * time.Minute

// Derive judges a session: it turns f into what a person is told at now. It
// is pure, and the only place that decides. Times compare as wall clock.
func Derive(f Facts, now time.Time) session.Snapshot {
	now = now.Round(0)
	s := session.Snapshot{
		Tool: f.Tool.ID, Name: f.Tool.Name, Home: f.Tool.Home, API: f.Tool.API, Problem: f.Problem, SecretExpires: f.Tool.SecretExpires,
		Service: f.Tool.Grant == auth.GrantService, Warnings: warnings(f.Tool),
	}
	switch {
	case f.BadSettings != nil:
		s.State, s.Problem = session.SignedOut, f.BadSettings
		return s
	case f.Tokens != nil:
		describe(&s, f, now)
	case f.Keychain != nil && f.Keychain.Code == auth.CodeKeychainAbsent && !f.KeychainHolds:
		// Nothing was ever stored, so nothing is: a person may sign in.
		s.State, s.Problem = session.SignedOut, firstOf(f.Problem, f.Keychain)
	case f.Keychain != nil:
		s.State, s.Problem = session.Unavailable, f.Keychain
	case !f.Loaded:
		s.State = session.Unavailable
	default:
		s.State, s.Problem = session.SignedOut, firstOf(f.Problem, f.OtherClient)
	}
	if f.SigningIn {
		s.State, s.SignInURL, s.SignInAt, s.Problem = session.SigningIn, f.SignInURL, f.SignInAt, f.Problem
	}
	return s
}

// describe fills in what tokens say: state, times, renewal and problem.
func describe(s *session.Snapshot, f Facts, now time.Time) {
	t := f.Tokens
	s.Account, s.Scopes, s.Set, s.Store = t.Account.Label(), t.Scopes, t.Set, f.Store
	s.SignedInAt, s.AccessUntil = t.SignedInAt, t.Expiry
	s.Problem = firstOf(f.Problem, f.Keychain, t.Refusal, missingScopes(f), changedScopes(f))
	bound := oidc.RefreshBinding(f.Tool, *t)
	s.Warnings = append(s.Warnings, outlives(f, bound)...)

	end, final := t.Expiry, true
	if renewable(f, now) {
		s.RefreshAt = refreshAt(f)
	}
	if renews(f, now) {
		s.Renewal = &session.Renewal{Mode: session.Automatic, Bound: bound}
		end = later(t.RefreshExpiry, t.Expiry)
		// A refresh ahead of the end usually moves it, so the end is final
		// only when none comes, or when refreshing was seen not to move it.
		final = !t.RefreshExpiry.IsZero() && (t.RefreshEndFixed || !s.RefreshAt.Before(t.RefreshExpiry))
		if t.RefreshExpiry.IsZero() {
			end = time.Time{}
		}
	} else {
		s.Renewal = &session.Renewal{
			Mode: session.Manual, Reason: whyManual(f, now), Explained: explained(f, s.Problem), AddOffline: mayAddOffline(f),
		}
	}
	s.EndsAt = end
	var reminders []time.Time
	if final {
		reminders = remindersBefore(end, t.IssuedAt, f.Tool.Reminders)
	}
	switch {
	case !end.IsZero() && !now.Before(end):
		s.State = session.Expired
	case len(reminders) > 0 && !now.Before(reminders[0]):
		s.State = session.Expiring
	default:
		s.State = session.Active
	}
	for _, at := range reminders {
		if !now.Before(at) && s.State == session.Expiring {
			s.Reminder = at
		}
	}
	s.NextWake = earliestAfter(now, append(reminders, end, t.Expiry, s.RefreshAt)...)
}

// renews reports whether a refresh is expected to succeed: the last one was
// refused neither in this process nor in one before it.
func renews(f Facts, now time.Time) bool { return renewable(f, now) && f.Tokens.Refusal == nil }

// renewable reports whether a refresh can be tried. One that an earlier process
// was refused is, once: what it was refused for may be fixed by now.
func renewable(f Facts, now time.Time) bool {
	t := f.Tokens
	if f.Tool.Grant == auth.GrantService {
		return f.Halted == nil // the client's secret renews it
	}
	return t.Refresh != "" && !t.RefreshRefused && f.Halted == nil && (t.RefreshExpiry.IsZero() || now.Before(t.RefreshExpiry))
}

// refreshAt is when the next refresh is due: ahead of the access token's end,
// or of the refresh token's where that comes first and can move, and never
// before the pause that a failed refresh asked for.
func refreshAt(f Facts) time.Time {
	t := f.Tokens
	until := t.Expiry
	if r := t.RefreshExpiry; !r.IsZero() && !t.RefreshEndFixed && r.Before(until) {
		until = r
	}
	margin := min(until.Sub(t.IssuedAt)/5, maxRefreshMargin)
	at := until.Add(-max(margin, 0))
	return later(at, f.RetryAt)
}

// remindersBefore returns when to remind ahead of end, earliest first. Leads
// longer than the time that there was since start are left out; if that
// leaves none, there is one reminder when three quarters have passed.
func remindersBefore(end, start time.Time, leads []time.Duration) []time.Time {
	life := end.Sub(start)
	var at []time.Time
	for _, lead := range leads {
		if lead > 0 && lead < life {
			at = append(at, end.Add(-lead))
		}
	}
	if len(at) == 0 && len(leads) > 0 && life > 0 {
		at = append(at, end.Add(-life/4))
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// whyManual says in one sentence why nothing renews the session.
func whyManual(f Facts, now time.Time) string {
	t := f.Tokens
	switch {
	case t.RefreshRefused && t.AnswerLost:
		return "the last renewal was cut off before its answer was stored, and the provider accepts no refresh token twice"
	case refusal(f) != nil:
		return whyRefused(refusal(f))
	case t.RefreshRefused:
		return "the provider no longer accepts this sign-in's refresh token"
	case t.Refresh != "" && !t.RefreshExpiry.IsZero() && !now.Before(t.RefreshExpiry):
		return "the refresh token has reached the end that the provider set for it"
	case provider.WhyNoRefresh(f.Tool) != "":
		return provider.WhyNoRefresh(f.Tool)
	case !f.Tool.AsksOffline():
		return "offline_access was not asked for"
	case t.Scopes != nil && !slices.Contains(t.Scopes, "offline_access"):
		return "offline_access was asked for but not granted"
	}
	return "the provider gives this client no refresh token"
}

// refusal is why no refresh is expected to succeed, as far as one was tried: in
// this process, or in one before it.
func refusal(f Facts) *auth.Error { return firstOf(f.Halted, f.Tokens.Refusal) }

// explained reports whether whyManual says what problem says.
func explained(f Facts, problem *auth.Error) bool {
	lost := f.Tokens.RefreshRefused && f.Tokens.AnswerLost
	return !lost && problem != nil && problem == refusal(f)
}

// whyRefused says who refused. What the provider sent was refused here.
func whyRefused(e *auth.Error) string {
	if e.Kind == auth.KindProtocol {
		return "Keyfob did not accept the provider's answer: " + e.What
	}
	return e.What
}

func firstOf(problems ...*auth.Error) *auth.Error {
	for _, p := range problems {
		if p != nil {
			return p
		}
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// earliestAfter returns the first of the times that is after now, or zero.
func earliestAfter(now time.Time, times ...time.Time) time.Time {
	var first time.Time
	for _, t := range times {
		if t.After(now) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}
