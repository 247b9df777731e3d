package engine

import (
	"context"
	"errors"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// Token returns tokens whose access token is valid for more than atLeast, and
// renews them first where that is needed and possible. It never opens a
// browser. A locked keychain may ask a person for its password; what takes
// longer than three seconds is told as an error, and goes on. Its errors have
// these kinds: KindUsage (no such tool, or atLeast beyond what the provider
// issues), KindSignIn (a person has to sign in), KindTransient, KindKeychain,
// KindDamaged and KindSetup.
func (m *Manager) Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error) {
	var loaded, asked, refreshed bool
	var why *auth.Error // what the keychain keeps us waiting for, once that took long
	for {
		var (
			got  auth.Tokens
			err  error
			wait *operation
		)
		if e := m.do(ctx, func(run context.Context) {
			s, ok := m.sessions[tool]
			if !ok {
				err = unknownTool(tool)
				return
			}
			m.asked(run)
			now, f := m.cfg.Now(), &s.facts
			s.keepTime(now)
			switch {
			case f.Settings != nil:
				err = f.Settings
			case f.Tokens.Valid(now, atLeast):
				got = *f.Tokens
			case why != nil && f.Tokens == nil && f.Keychain != nil:
				err = why // a person takes as long as a person takes
			case s.load != nil:
				wait = s.load
			case !loaded && (s.unread() || f.Tokens == nil && !s.forget && !m.cfg.MustStore):
				// Another process may have signed in since.
				loaded, wait = true, m.startLoad(run, s)
			case s.unread() && keychain.IsLocked(f.Keychain) && !asked:
				asked, wait = true, m.read(run, s, m.asking(false))
			case f.Tokens != nil && renewable(*f, now) && s.refresh != nil:
				refreshed, wait = true, s.refresh
			case f.Tokens != nil && shortLived(*f.Tokens, now, atLeast):
				err = m.whyNoToken(*f, now, atLeast)
			case f.Tokens != nil && renewable(*f, now) && (f.Problem == nil || !now.Before(f.RetryAt)) && !refreshed:
				refreshed, wait = true, m.startRefresh(run, s, atLeast)
			case fetches(*f) && s.signIn != nil:
				refreshed, wait = true, s.signIn.operation
			case fetches(*f) && !refreshed:
				m.startSignIn(run, s, session.SignInOptions{NoBrowser: true})
				refreshed, wait = true, s.signIn.operation
			default:
				err = m.whyNoToken(*f, now, atLeast)
			}
		}); e != nil {
			return auth.Tokens{}, e
		}
		if wait == nil {
			return got, err
		}
		late, err := m.linger(ctx, wait)
		switch {
		case err != nil:
			return auth.Tokens{}, err
		case late:
			why = wait.late
		case errors.Is(wait.err, context.Canceled):
			why = wait.cutOff()
		case wait.asks && auth.KindOf(wait.err) == auth.KindKeychain:
			why = wait.fault(wait.err) // whatever a later reader, who asks nobody, has to say
		}
	}
}

// whyNoToken says why there is no token that is valid for atLeast.
func (m *Manager) whyNoToken(f Facts, now time.Time, atLeast time.Duration) error {
	again := "run `keyfob login " + f.Tool.ID + "` or sign in from the tray"
	switch t := f.Tokens; {
	case t == nil && f.Keychain != nil && (m.cfg.MustStore || f.Held || f.Keychain.Code != auth.CodeKeychainAbsent):
		return f.Keychain
	case f.Tool.Grant == auth.GrantService && f.Problem != nil:
		return f.Problem
	case t == nil && f.Other != nil:
		return f.Other
	case t == nil:
		what := "nobody is signed in to " + f.Tool.Name
		if f.Keychain != nil {
			what += ", and " + f.Keychain.What
		}
		return &auth.Error{Kind: auth.KindSignIn, Code: auth.CodeSignedOut, What: what, Do: again, Who: auth.WhoYou}
	case renewable(f, now) && f.Problem != nil:
		return f.Problem
	case t.Valid(now, 0) && refusal(f) == nil:
		return &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeMinValid,
			Who:  auth.WhoYou,
			What: tooShort(f, now),
			Do:   "ask for less, or " + again,
		}
	default:
		e := &auth.Error{
			Kind: auth.KindSignIn,
			Code: auth.CodeExpired,
			What: "the session of " + f.Tool.Name + " has ended",
			Do:   again,
			Who:  auth.WhoYou,
		}
		if t.Valid(now, 0) {
			e.What = tooShort(f, now)
		}
		e.What += ": " + whyManual(f, now)
		if r := refusal(f); r != nil {
			e.Detail, e.Ref, e.Link = r.Detail, r.Ref, r.Link
			if r.Kind == auth.KindSetup && r.Do != "" { // until then a sign-in may fail the same way
				e.Do, e.Who = r.Do+", then "+again, r.Who
			}
		}
		return e
	}
}

// tooShort says that the token ends before a caller wants it to.
func tooShort(f Facts, now time.Time) string {
	left := f.Tokens.Expiry.Sub(now.Round(0)).Round(time.Second)
	return "the token of " + f.Tool.Name + " is valid for " + left.String() + ", less than was asked for"
}

func unknownTool(tool string) error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeUnknownTool, Who: auth.WhoYou,
		What: "there is no tool " + auth.Quote(tool) + " in the settings", Do: "run `keyfob status` to see the tools",
	}
}
