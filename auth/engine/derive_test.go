package engine_test

import (
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func tokens(change ...func(*auth.Tokens)) *auth.Tokens {
	t := &auth.Tokens{
		Access: "access", Type: "Bearer", Set: "one",
		Account:    auth.Account{Email: "ann@example.com"},
		SignedInAt: noon, IssuedAt: noon, Expiry: noon.Add(time.Hour),
	}
	for _, c := range change {
		c(t)
	}
	return t
}

func refreshable(t *auth.Tokens) { t.Refresh = "refresh" }

func refreshUntil(end time.Time) func(*auth.Tokens) {
	return func(t *auth.Tokens) { t.RefreshExpiry = end }
}

// TestDerive is the specification of every user interface: which state a
// session has, when it ends, and when something happens next.
func TestDerive(t *testing.T) {
	offline := auth.Tool{
		ID:        "plant4",
		Name:      "Plant 4",
		Scopes:    []string{"openid", "offline_access"},
		Reminders: []time.Duration{15 * time.Minute, 5 * time.Minute},
	}
	plain := offline
	plain.Scopes = []string{"openid"}
	locked := &auth.Error{Kind: auth.KindKeychain, Code: "keychain_locked", What: "the keychain is locked"}
	offlineFault := &auth.Error{Kind: auth.KindTransient, What: "no network"}
	expiredSecret := &auth.Error{Kind: auth.KindSetup, Code: "invalid_client", What: "the secret has expired"}
	foreign := &auth.Error{Kind: auth.KindProtocol, Code: "id_token_nonce", What: "the ID token is of another sign-in"}
	at := func(d time.Duration) time.Time { return noon.Add(d) }

	for _, tt := range []struct {
		name   string
		facts  engine.Facts
		now    time.Time
		state  session.State
		ends   time.Time
		wake   time.Time
		remind time.Time
		reason string // part of Renewal.Reason, "automatic" for automatic, "" for none
		code   string // of Problem
	}{
		{name: "keychain not read yet", facts: engine.Facts{Tool: offline}, now: noon, state: session.Unavailable},
		{name: "nobody signed in", facts: engine.Facts{Tool: offline, Loaded: true}, now: noon, state: session.SignedOut},
		{
			name:  "no keychain at all: a person may sign in",
			facts: engine.Facts{Tool: offline, Keychain: &auth.Error{Kind: auth.KindKeychain, Code: "keychain_absent"}}, now: noon,
			state: session.SignedOut, code: "keychain_absent",
		},
		{
			name: "keychain locked", facts: engine.Facts{Tool: offline, Keychain: locked}, now: noon, state: session.Unavailable,
			code: "keychain_locked",
		},
		{
			name:  "keychain locked, tokens in memory",
			facts: engine.Facts{Tool: plain, Keychain: locked, Tokens: tokens(), Store: session.StoreMemory},
			now:   noon,
			state: session.Active, ends: at(time.Hour), wake: at(45 * time.Minute), reason: "not asked for", code: "keychain_locked",
		},
		{name: "in the browser", facts: engine.Facts{Tool: offline, Loaded: true, SigningIn: true}, now: noon, state: session.SigningIn},
		{
			name: "in the browser again", facts: engine.Facts{Tool: plain, Tokens: tokens(), SigningIn: true}, now: at(2 * time.Hour),
			state: session.SigningIn, ends: at(time.Hour), reason: "not asked for",
		},
		{
			name: "settings unusable", facts: engine.Facts{Tool: offline, BadSettings: &auth.Error{Code: "settings"}}, now: noon,
			state: session.SignedOut, code: "settings",
		},

		{
			name: "renews, no known end", facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable)}, now: noon,
			state: session.Active, wake: at(55 * time.Minute), reason: "automatic",
		},
		{
			name:  "renewal failed, token lives",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable), Problem: offlineFault, RetryAt: at(58 * time.Minute)},
			now:   at(57 * time.Minute),
			state: session.Active, wake: at(58 * time.Minute), reason: "automatic",
		},
		{
			name:  "renewal fails, token is over, nothing is lost",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable), Problem: offlineFault, RetryAt: at(62 * time.Minute)},
			now:   at(61 * time.Minute),
			state: session.Active, wake: at(62 * time.Minute), reason: "automatic",
		},
		{
			name:  "refresh token's end is usually moved by a refresh",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable, refreshUntil(at(65*time.Minute)))},
			now:   at(54 * time.Minute),
			state: session.Active, ends: at(65 * time.Minute), wake: at(55 * time.Minute), reason: "automatic",
		},
		{
			name: "a refresh that did not move the end: it is final",
			facts: engine.Facts{
				Tool:   offline,
				Tokens: tokens(refreshable, refreshUntil(at(65*time.Minute)), func(t *auth.Tokens) { t.RefreshEndFixed = true }),
			},
			now:   at(54 * time.Minute),
			state: session.Expiring, ends: at(65 * time.Minute), wake: at(55 * time.Minute), remind: at(50 * time.Minute),
			reason: "automatic",
		},
		{
			name:  "a refresh token that ends first is renewed first",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable, refreshUntil(at(50*time.Minute)))},
			now:   at(40 * time.Minute),
			state: session.Active, ends: at(time.Hour), wake: at(45 * time.Minute), reason: "automatic",
		},
		{
			name: "the pause outlasts the refresh token",
			facts: engine.Facts{
				Tool: offline, Tokens: tokens(refreshable, refreshUntil(at(50*time.Minute))),
				Problem: offlineFault, RetryAt: at(51 * time.Minute),
			},
			now:   at(46 * time.Minute),
			state: session.Expiring, ends: at(time.Hour), wake: at(51 * time.Minute), remind: at(45 * time.Minute), reason: "automatic",
		},
		{
			name:  "refresh token over, access token lives",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable, refreshUntil(at(30*time.Minute)))},
			now:   at(40 * time.Minute),
			state: session.Active, ends: at(time.Hour), wake: at(45 * time.Minute), reason: "reached the end",
		},
		{
			name:  "refresh token over, access over",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable, refreshUntil(at(30*time.Minute)))},
			now:   at(time.Hour),
			state: session.Expired, ends: at(time.Hour), remind: time.Time{}, reason: "reached the end",
		},
		{
			name:  "refresh token refused, access token lives",
			facts: engine.Facts{Tool: offline, Tokens: tokens(func(t *auth.Tokens) { t.RefreshRefused = true })},
			now:   at(30 * time.Minute),
			state: session.Active, ends: at(time.Hour), wake: at(45 * time.Minute), reason: "no longer accepts",
		},
		{
			name:  "refreshing is halted by the set-up",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable), Halted: expiredSecret},
			now:   at(61 * time.Minute),
			state: session.Expired, ends: at(time.Hour), reason: "the secret has expired",
		},
		{
			name:  "only the refresh token is new",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable, func(t *auth.Tokens) { t.RefreshUnproven = true })},
			now:   at(time.Minute),
			state: session.Active, wake: at(55 * time.Minute), reason: "automatic",
		},
		{
			name:  "an answer that was not accepted, token lives",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable), Halted: foreign},
			now:   at(time.Minute),
			state: session.Active, ends: at(time.Hour), wake: at(45 * time.Minute),
			reason: "Keyfob did not accept the provider's answer: the ID token is",
		},
		{
			name:  "an earlier process was refused",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable, func(t *auth.Tokens) { t.Refusal = foreign })},
			now:   at(50 * time.Minute),
			state: session.Expiring, ends: at(time.Hour), wake: at(55 * time.Minute), remind: at(45 * time.Minute),
			reason: "Keyfob did not accept", code: "id_token_nonce",
		},
		{
			name:  "an earlier process was refused, token over",
			facts: engine.Facts{Tool: offline, Tokens: tokens(refreshable, func(t *auth.Tokens) { t.Refusal = expiredSecret })},
			now:   at(2 * time.Hour),
			state: session.Expired, ends: at(time.Hour), reason: "the secret has expired", code: "invalid_client",
		},
		{
			name: "a wrong clock, token over, nothing is lost",
			facts: engine.Facts{
				Tool: offline, Tokens: tokens(refreshable), Problem: &auth.Error{Code: "clock"}, RetryAt: at(63 * time.Minute),
			},
			now:   at(61 * time.Minute),
			state: session.Active, wake: at(63 * time.Minute), reason: "automatic", code: "clock",
		},

		{
			name: "no refresh token: not asked for", facts: engine.Facts{Tool: plain, Tokens: tokens()}, now: noon,
			state: session.Active, ends: at(time.Hour), wake: at(45 * time.Minute), reason: "not asked for",
		},
		{
			name:  "no refresh token: asked for, not granted",
			facts: engine.Facts{Tool: offline, Tokens: tokens(func(t *auth.Tokens) { t.Scopes = []string{"openid"} })},
			now:   noon,
			state: session.Active, ends: at(time.Hour), wake: at(45 * time.Minute), reason: "not granted",
		},
		{
			name:  "no refresh token: the provider's rule",
			facts: engine.Facts{Tool: offline, Tokens: tokens(func(t *auth.Tokens) { t.Scopes = []string{"openid", "offline_access"} })},
			now:   noon,
			state: session.Active, ends: at(time.Hour), wake: at(45 * time.Minute), reason: "gives this client no",
		},
		{
			name: "a moment before the first reminder", facts: engine.Facts{Tool: plain, Tokens: tokens()},
			now: at(45*time.Minute - 1), state: session.Active, ends: at(time.Hour), wake: at(45 * time.Minute), reason: "not asked for",
		},
		{
			name: "the first reminder", facts: engine.Facts{Tool: plain, Tokens: tokens()}, now: at(45 * time.Minute),
			state: session.Expiring, ends: at(time.Hour), wake: at(55 * time.Minute), remind: at(45 * time.Minute),
			reason: "not asked for",
		},
		{
			name: "the last reminder", facts: engine.Facts{Tool: plain, Tokens: tokens()}, now: at(56 * time.Minute),
			state: session.Expiring, ends: at(time.Hour), wake: at(time.Hour), remind: at(55 * time.Minute), reason: "not asked for",
		},
		{
			name: "the end", facts: engine.Facts{Tool: plain, Tokens: tokens()}, now: at(time.Hour), state: session.Expired,
			ends: at(time.Hour), reason: "not asked for",
		},
		{
			name: "a year after the end", facts: engine.Facts{Tool: plain, Tokens: tokens()}, now: noon.AddDate(1, 0, 0),
			state: session.Expired, ends: at(time.Hour), reason: "not asked for",
		},
		{
			name:  "leads longer than the token lives give one reminder",
			facts: engine.Facts{Tool: plain, Tokens: tokens(func(t *auth.Tokens) { t.Expiry = at(2 * time.Minute) })},
			now:   at(91 * time.Second),
			state: session.Expiring, ends: at(2 * time.Minute), wake: at(2 * time.Minute), remind: at(90 * time.Second),
			reason: "not asked for",
		},
		{
			name:  "a mandatory scope is missing",
			facts: engine.Facts{Tool: auth.Tool{ID: "x", MandatoryScopes: []string{"offline_access"}}, Tokens: tokens()},
			now:   noon,
			state: session.Active, ends: at(time.Hour), wake: at(time.Hour), reason: "not asked for", code: "mandatory_scopes",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := engine.Derive(tt.facts, tt.now)
			var reason, code string
			if r := got.Renewal; r != nil {
				reason = r.Mode
				if r.Mode == session.Manual {
					reason = r.Reason
				}
			}
			if got.Problem != nil {
				code = got.Problem.Code
			}
			if got.State != tt.state || !got.EndsAt.Equal(tt.ends) || !got.NextWake.Equal(tt.wake) || !got.Reminder.Equal(tt.remind) {
				t.Errorf("state %s, ends %v, wake %v, reminder %v\nwant  %s, ends %v, wake %v, reminder %v",
					got.State, got.EndsAt, got.NextWake, got.Reminder, tt.state, tt.ends, tt.wake, tt.remind)
			}
			if (reason == "") != (tt.reason == "") || !strings.Contains(reason, tt.reason) {
				t.Errorf("renewal %q, want %q", reason, tt.reason)
			}
			if code != tt.code {
				t.Errorf("problem %q, want %q", code, tt.code)
			}
		})
	}
}
