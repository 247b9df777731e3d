package oidc_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

// wrongClock is a rig whose client's clock is ahead of the provider's by as much
// as ahead says, and the key that signs its ID tokens.
func wrongClock(t *testing.T, ahead *time.Duration) (*rig, *authtest.Signer) {
	t.Helper()
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/jwks", authtest.Keys(mine))
	r.client.Now = func() time.Time { return r.clock.now().Add(*ahead) }
	return r, mine
}

// dateless takes the provider's clock out of its answers.
func dateless(fault authtest.Fault) authtest.Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		fault(noDate{w}, r, next)
	}
}

type noDate struct{ http.ResponseWriter }

func (n noDate) WriteHeader(status int) {
	n.Header()["Date"] = nil
	n.ResponseWriter.WriteHeader(status)
}

func pass(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) }

// TestAWrongClockIsNamed signs in and refreshes with a clock that is off, with
// and without a provider that tells its time: the clock is named, the person
// has to set it, and once that is done the very tokens that came are good.
func TestAWrongClockIsNamed(t *testing.T) {
	nbf := func(_, c map[string]any) { c["nbf"] = c["iat"] }
	long := func(_, c map[string]any) { c["nbf"], c["exp"] = c["iat"], num(c["iat"])+3600 }
	for name, tc := range map[string]struct {
		ahead time.Duration
		edit  func(_, claims map[string]any)
		says  string // empty: accepted
	}{
		"right":                             {0, nbf, ""},
		"4 minutes behind":                  {-4 * time.Minute, nbf, ""},
		"6 minutes behind":                  {-6 * time.Minute, nbf, "6 minutes behind"},
		"an hour behind":                    {-time.Hour, nbf, "60 minutes behind"},
		"a year behind":                     {-365 * 24 * time.Hour, nbf, "365 days behind"},
		"6 minutes behind, without nbf":     {-6 * time.Minute, nil, ""},
		"an hour behind, without nbf":       {-time.Hour, nil, ""},
		"30 seconds ahead":                  {30 * time.Second, nbf, ""},
		"6 minutes ahead, a short token":    {6*time.Minute + time.Second, nbf, "6 minutes ahead"},
		"6 minutes ahead, a long token":     {6 * time.Minute, long, ""},
		"an hour ahead":                     {time.Hour, nbf, "60 minutes ahead"},
		"61 minutes and some ahead, a long": {time.Hour + 2*time.Minute, long, "62 minutes ahead"},
		"a day ahead":                       {30 * time.Hour, nbf, "30 hours ahead"},
	} {
		for _, tells := range []bool{true, false} {
			t.Run(name+map[bool]string{true: "", false: ", by the token alone"}[tells], func(t *testing.T) {
				var ahead time.Duration
				r, mine := wrongClock(t, &ahead)
				token := authtest.RewriteIDToken(tc.edit, mine)
				if !tells {
					token = dateless(token)
					r.faults.Set(discoveryPath, dateless(pass))
				}
				r.faults.Set("/token", token)
				old := r.signIn()

				ahead = tc.ahead
				check := func(at string, err error) {
					t.Helper()
					if tc.says == "" {
						if err != nil {
							t.Errorf("%s: %v", at, err)
						}
						return
					}
					wantError(t, err, auth.KindTransient, auth.CodeClock, old.Refresh)
					if e := auth.AsError(err); e.Who != auth.WhoYou || !strings.Contains(e.What, "this computer's clock is "+tc.says) ||
						!strings.Contains(e.Do, "set the clock") {
						t.Errorf("%s: %v, to be done by %s", at, err, e.Who)
					}
				}
				_, err := r.exchange()
				check("sign-in", err)
				fresh, err := r.client.Refresh(t.Context(), r.tool, old)
				if err != nil || fresh.Refresh == old.Refresh {
					t.Fatalf("the refresh token that came is lost: %v", err)
				}
				_, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh)
				check("refresh", err)
				// After a restart, with the clock as wrong.
				again := r.newClient()
				again.Now = r.client.Now
				_, err = again.VerifyRefreshed(t.Context(), r.tool, fresh, fresh)
				check("restart", err)

				// The person sets the clock.
				ahead = 0
				if _, err := r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh); err != nil {
					t.Errorf("with the clock put right: %v", err)
				}
				if _, err := r.newClient().VerifyRefreshed(t.Context(), r.tool, fresh, fresh); err != nil {
					t.Errorf("with the clock put right, after a restart: %v", err)
				}
				if _, err := r.client.Refresh(t.Context(), r.tool, fresh); err != nil {
					t.Errorf("the next refresh: %v", err)
				}
			})
		}
	}
}

// TestTheClockIsNotBlamed where the provider's own clock says that the token is
// no better there.
func TestTheClockIsNotBlamed(t *testing.T) {
	for name, tc := range map[string]struct {
		ahead time.Duration
		edit  func(_, claims map[string]any)
		code  string
	}{
		"an old token": {
			0,
			func(_, c map[string]any) { c["iat"], c["exp"] = num(c["iat"])-3600, num(c["iat"])-3300 }, "id_token_expired",
		},
		"an old token and a clock 2 min ahead": {
			2 * time.Minute,
			func(_, c map[string]any) { c["iat"], c["exp"] = num(c["iat"])-3600, num(c["iat"])-3300 }, "id_token_expired",
		},
		"over before it began": {0, func(_, c map[string]any) { c["exp"] = num(c["iat"]) - 90 }, "id_token_expired"},
		"one for tomorrow":     {0, func(_, c map[string]any) { c["nbf"] = num(c["iat"]) + 86400 }, "id_token_not_before"},
		"one for tomorrow, 2 min behind": {
			-2 * time.Minute, func(_, c map[string]any) { c["nbf"] = num(c["iat"]) + 86400 },
			"id_token_not_before",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, mine := wrongClock(t, &tc.ahead)
			r.faults.Set("/token", authtest.RewriteIDToken(tc.edit, mine))
			_, err := r.exchange()
			wantError(t, err, auth.KindProtocol, tc.code)
		})
	}
}

// TestAClockThatIsAheadAndMaxAge: a sign-in of just now seems old.
func TestAClockThatIsAheadAndMaxAge(t *testing.T) {
	ahead := 20 * time.Minute
	r, mine := wrongClock(t, &ahead)
	r.tool.Params = map[string]string{"max_age": "300"}
	edit := func(_, c map[string]any) { c["exp"] = num(c["iat"]) + 3600 }
	r.faults.Set("/token", authtest.RewriteIDToken(edit, mine))
	_, err := r.exchange()
	wantError(t, err, auth.KindTransient, auth.CodeClock)
	r.faults.Set("/token", authtest.RewriteIDToken(func(h, c map[string]any) {
		edit(h, c)
		c["auth_time"] = num(c["iat"]) - 3600
	}, mine))
	_, err = r.exchange()
	wantError(t, err, auth.KindProtocol, "id_token_auth_time")
}

// TestACachedDate counts with the time that it lay in the cache.
func TestACachedDate(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for age, want := range map[string]time.Duration{"": 10 * time.Minute, "600": 0, "-5": 10 * time.Minute, "soon": 10 * time.Minute} {
		f := authtest.Answer(200, "{}", "Date", now.Add(-10*time.Minute).Format(http.TimeFormat), "Age", age)
		c := &oidc.Client{
			HTTP: &http.Client{Transport: anyHost{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f(w, r, nil) })}},
			Now:  func() time.Time { return now },
		}
		p, err := c.Fetch(t.Context(), "https://idp.example.com")
		if err != nil || !p.HasClock || (p.Ahead-want).Abs() > time.Second {
			t.Errorf("Age %q: %v ahead, %v", age, p.Ahead, err)
		}
	}
}
