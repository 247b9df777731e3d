package window

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// detailText writes the right side the way that it reads: its buttons in
// brackets, those of no use now in parentheses, and a star at the one that
// Enter is for.
func detailText(d toolDetail) string {
	var b strings.Builder
	fmt.Fprintf(&b, "(%s) %s\n%s\n", d.Icon, d.Name, d.State)
	if d.Problem != "" {
		fmt.Fprintln(&b, "!", d.Problem)
	}
	if d.Note != "" {
		fmt.Fprintln(&b, "  "+d.Note)
	}
	for _, f := range d.Facts {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Says)
	}
	for _, w := range d.Warnings {
		fmt.Fprintln(&b, "⚠", w)
	}
	last := buttonGroup(-1)
	for _, btn := range d.Buttons {
		if btn.Group < last {
			fmt.Fprintln(&b, "OUT OF ORDER")
		}
		last = btn.Group
		form := "[%s] "
		switch {
		case btn.Off:
			form = "(%s) "
		case btn.Action == d.Enter:
			form = "[%s*] "
		}
		fmt.Fprintf(&b, form, btn.Label)
	}
	return strings.TrimSpace(b.String()) + "\n"
}

func TestToolView(t *testing.T) {
	for _, c := range []struct {
		name   string
		s      session.Snapshot
		failed error
		want   string
	}{
		{
			"minutes left", with(
				signedIn("plant4", "Plant 4", 47*time.Minute), func(s *session.Snapshot) { s.Renewal.AddOffline = true },
			), nil,
			`(well) Plant 4
Signed in: 47 min left.
Account: anna@example.com
Signed in: Today at 11:47
Ends: Today at 12:47
Renewal: Not by itself: the provider gives this client no refresh token.
[Renew now*] [Copy token] [Copy as…] [Add offline_access and sign in again] [Token…] [Open home page] [Sign out]
`,
		},
		{
			"renews itself", with(
				renewing("lean", "LEAN"), func(s *session.Snapshot) { s.Warnings = []string{"the session outlives the browser's"} },
			), nil,
			`(well) LEAN
Signed in. The session renews itself.
Account: anna@example.com
Signed in: Today at 11:30
Renewal: By itself, without you
⚠ The session outlives the browser's.
[Sign in again] [Copy token*] [Copy as…] [Token…] [Open home page] [Sign out]
`,
		},
		{
			"ends soon", with(
				signedIn("line3", "Line 3", 4*time.Minute), func(s *session.Snapshot) { s.State, s.Home = session.Expiring, "" },
			), nil,
			`(soon) Line 3
Access ends soon: 4 min left.
Account: anna@example.com
Signed in: Today at 11:04
Ends: Today at 12:04
Renewal: Not by itself: the provider gives this client no refresh token.
[Renew now*] [Copy token] [Copy as…] [Token…] [Sign out]
`,
		},
		{
			"ended", with(
				signedIn("park", "Park", -13*time.Hour),
				func(s *session.Snapshot) { s.State, s.Store = session.Expired, session.StoreMemory },
			), nil,
			`(needs) Park
The session has ended. Sign in again to go on.
Account: anna@example.com
Signed in: Yesterday at 22:00
Ended: Yesterday at 23:00
Renewal: Not by itself: the provider gives this client no refresh token.
Kept: In memory only, until Keyfob quits: no keychain takes it
[Sign in again*] (Copy token) (Copy as…) (Token…) [Open home page] [Sign out]
`,
		},
		{
			"refused",
			session.Snapshot{Tool: "h", Name: "Historian", State: session.SignedOut, Problem: refused},
			nil,
			`(problem) Historian
Nobody is signed in.
! This account is not assigned to the application. Ask the provider's administrator to add you to it.
  Reference: AADSTS50105
[Sign in*] (Copy token) (Copy as…) [Copy details for your administrator] (Token…) (Sign out)
`,
		},
		{
			"another account", with(renewing("lean", "LEAN"), func(s *session.Snapshot) {
				s.Problem = &auth.Error{
					Kind: auth.KindDenied, Code: auth.CodeOtherAccount, What: `the browser signed in "bob"`, Do: "choose",
				}
			}), nil,
			`(well) LEAN
Signed in. The session renews itself.
! The browser signed in "bob". Choose.
Account: anna@example.com
Signed in: Today at 11:30
Renewal: By itself, without you
[Sign in again] [Copy token*] [Copy as…] [Sign in as another account] [Token…] [Open home page] [Sign out]
`,
		},
		{
			"signing in",
			session.Snapshot{Tool: "mes", Name: "MES", State: session.SigningIn, SignInURL: "https://x"},
			nil,
			`(working) MES
Go on in the browser: the sign-in page is open there.
[Cancel sign-in] [Trouble in the browser?] (Token…) (Sign out)
`,
		},
		{
			"no browser opened",
			session.Snapshot{
				Tool: "mes", Name: "MES", State: session.SigningIn, SignInURL: "https://x",
				Problem: &auth.Error{Kind: auth.KindFailed, Code: "browser", What: "no browser could be started", Do: "copy the address"},
			},
			nil,
			`(working) MES
The sign-in goes on at an address that you open in a browser yourself.
! No browser could be started. Copy the address.
[Cancel sign-in] [Trouble in the browser?] (Token…) (Sign out)
`,
		},
		{
			"failed here",
			session.Snapshot{Tool: "mes", Name: "MES", State: session.SignedOut},
			fmt.Errorf("login: %w", unreachable),
			`(out) MES
Nobody is signed in.
! The provider cannot be reached. Check the network.
[Sign in*] (Copy token) (Copy as…) (Token…) (Sign out)
`,
		},
		{
			"cancelled here",
			session.Snapshot{Tool: "mes", Name: "MES", State: session.SignedOut},
			&auth.Error{Kind: auth.KindCanceled, Code: "canceled", What: "the sign-in was cancelled"},
			`(out) MES
Nobody is signed in.
[Sign in*] (Copy token) (Copy as…) (Token…) (Sign out)
`,
		},
		{
			"nobody answered",
			session.Snapshot{Tool: "mes", Name: "MES", State: session.SignedOut},
			&auth.Error{Kind: auth.KindCanceled, Code: "timeout", What: "the browser sent no answer in time", Do: "sign in again"},
			`(out) MES
Nobody is signed in.
! The browser sent no answer in time. Sign in again.
[Sign in*] (Copy token) (Copy as…) (Token…) (Sign out)
`,
		},
		{
			"settings",
			session.Snapshot{
				Tool: "bad", Name: "Bad", State: session.SignedOut,
				Problem: &auth.Error{
					Kind: auth.KindSetup, Code: auth.CodeSettings, Who: auth.WhoSetup, What: "line 3: there is no key \"scops\"",
					Do: "write scopes",
				},
			},
			nil,
			`(problem) Bad
This tool cannot be used until its settings are fixed.
! Line 3: there is no key "scops". For whoever set up this tool: write scopes.
[Open settings…*]
`,
		},
		{
			"locked",
			session.Snapshot{
				Tool: "l", Name: "L", State: session.Unavailable,
				Problem: &auth.Error{
					Kind: auth.KindKeychain, Code: auth.CodeKeychainLocked, What: "the keychain is locked", Do: "unlock it",
				},
			},
			nil,
			`(needs) L
The keychain cannot be read just now. Nothing is lost.
! The keychain is locked. Unlock it.
[Sign in*] (Copy token) (Copy as…) (Token…) (Sign out)
`,
		},
		{
			"from a newer Keyfob",
			session.Snapshot{
				Tool: "l", Name: "L", State: session.Unavailable,
				Problem: &auth.Error{
					Kind: auth.KindKeychain, Code: auth.CodeKeychainNewer, What: "a newer keyfob stored this", Do: "use that",
				},
			},
			nil,
			`(problem) L
The keychain cannot be read just now. Nothing is lost.
! A newer keyfob stored this. Use that.
(Sign in) (Copy token) (Copy as…) (Token…) (Sign out)
`,
		},
		{
			"service",
			session.Snapshot{
				Tool: "r", Name: "Robot", State: session.SignedOut, Service: true,
				SecretExpires: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC),
			},
			nil,
			`(out) Robot
A token is fetched when it is asked for.
Client secret: Ends 1 March 2027
[Get a token*] [Copy token] [Copy as…] [Token…] (Sign out)
`,
		},
		{
			"hostile words",
			session.Snapshot{
				Tool: "x", Name: "a\u202eb\nc" + strings.Repeat("x", 100), State: session.SignedOut,
				Problem: &auth.Error{Kind: auth.KindDenied, What: "no\x1b[31m"},
			},
			errors.New("boo\u200f"),
			"(problem) ab c" + strings.Repeat("x", 55) + "…\nNobody is signed in.\n! Boo.\n" +
				"[Sign in*] (Copy token) (Copy as…) (Token…) (Sign out)\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := detailText(toolView(c.s, c.failed, noon)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}
