package window

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

func TestTokenView(t *testing.T) {
	wantToken(t, seenOf(plantTokens(), tabAccess), `
# Plant
anna@example.com
Valid until today at 12:47, in 47 min. Keyfob renews it by itself.
(44%)
*Access token* | ID token | Scopes · 1 missing | Session | 
> The access token is meant for the API: Keyfob does not check it, and only shows what it says.
Claim | Value | Meaning
iss | https://sso.example.com | The provider that issued it <https://sso.example.com>
aud | plant | The API that it is meant for <plant>
scp | plant | What it allows the program to do for you <plant>
exp | Today at 12:47, in 47 min | When it ends <1772621250>
iat | Today at 11:00, 1 h ago | When it was issued <1772614800>
x | a\u202eb |  <a\u202eb>
-- Header
alg | RS256 | How it is signed: RSA with SHA-256 <RS256>
typ | JWT | What it is: a JSON Web Token <JWT>
eyJh…  207 characters [Show token]
[Copy token] [Copy as Authorization header] [Copy as curl] [Copy as shell variable]`)

	wantToken(t, seenOf(plantTokens(), tabID), `
# Plant
anna@example.com
Valid until today at 12:47, in 47 min. Keyfob renews it by itself.
(44%)
Access token | *ID token* | Scopes · 1 missing | Session | 
> The ID token tells Keyfob who signed in. Keyfob checked who signed it, for whom and for how long when it came. It is not meant for APIs.
Claim | Value | Meaning
aud | keyfob | The client that it is meant for, which is this one <keyfob>
nonce | n-0S6 | Ties it to the one sign-in that it was issued for <n-0S6>
-- Header
alg | RS256 | How it is signed: RSA with SHA-256 <RS256>
typ | JWT | What it is: a JSON Web Token <JWT>
eyJh…  103 characters [Show ID token]`)

	wantToken(t, seenOf(plantTokens(), tabScopes), `
# Plant
anna@example.com
Valid until today at 12:47, in 47 min. Keyfob renews it by itself.
(44%)
Access token | ID token | *Scopes · 1 missing* | Session | 
Scope | Asked for | Granted | What it is for
openid | ✓ asked | ✓ granted | To know who signed in <openid>
plant | ✓ asked | ✓ granted | Required by the settings <plant>
reports | ✓ asked | ✗ not granted |  <reports> !
email | – not asked | ✓ granted | Your e-mail address <email>
eyJh…  207 characters [Show token]
[Copy token] [Copy as Authorization header] [Copy as curl] [Copy as shell variable]`)

	wantToken(t, seenOf(plantTokens(), tabSession), `
# Plant
anna@example.com
Valid until today at 12:47, in 47 min. Keyfob renews it by itself.
(44%)
Access token | ID token | Scopes · 1 missing | *Session* | 
Account | anna@example.com | Who signed in <anna@example.com>
Name | Anna |  <Anna>
Subject | 4711 | The account, by the provider's own name for it <4711>
Provider | https://sso.example.com | Who issued the tokens <https://sso.example.com>
Client | keyfob | Keyfob, by the name that the provider gave it for this tool <keyfob>
Signed in | Yesterday at 06:00, 1 day ago | When you last signed in <2026-03-03T04:00:00Z>
Issued | Today at 11:00, 1 h ago | When this access token came <2026-03-04T09:00:00Z>
Valid until | Today at 12:47, in 47 min | When it ends <2026-03-04T10:47:30Z>
Refresh token | There is one | It renews the access token, and never leaves Keyfob <There is one>
Kept in | The keychain | That of this system <The keychain>
eyJh…  207 characters [Show token]
[Copy token] [Copy as Authorization header] [Copy as curl] [Copy as shell variable]`)
}

func TestTokenViewThatEnded(t *testing.T) {
	tokens := plantTokens()
	tokens.Expiry = noon.Add(-12 * time.Minute)
	tokens.Refresh = ""
	s := seenOf(tokens, tabScopes)
	s.Snap.State, s.Snap.Renewal = session.Expired, &session.Renewal{Mode: session.Manual, Reason: "offline_access was not asked for"}
	wantToken(t, s, `
# Plant
anna@example.com
Ended today at 11:48, 12 min ago. Sign in again to get a new one.
[Sign in]
Access token | ID token | *Scopes · 1 missing* | Session | 
Scope | Asked for | Granted | What it is for
openid | ✓ asked | ✓ granted | To know who signed in <openid>
plant | ✓ asked | ✓ granted | Required by the settings <plant>
reports | ✓ asked | ✗ not granted |  <reports> !
email | – not asked | ✓ granted | Your e-mail address <email>`)
}

func TestTokenViewWithoutAToken(t *testing.T) {
	out := session.Snapshot{Tool: "plant", Name: "Plant", State: session.SignedOut}
	wantToken(t, tokenState{}, "# No such tool\nThis tool is no longer in the settings.")
	wantToken(t, tokenState{Snap: out}, "# Plant\nOne moment…")
	wantToken(
		t,
		tokenState{
			Snap: out,
			Failed: &auth.Error{
				Kind: auth.KindSignIn,
				Code: "signed_out",
				What: "nobody is signed in to Plant",
				Do:   "run `keyfob login plant`",
			},
		},
		"# Plant\nNobody is signed in, so there is no token. Sign in to get one.\n[Sign in]",
	)
	wantToken(
		t,
		tokenState{
			Snap:   out,
			Failed: &auth.Error{Kind: auth.KindKeychain, Code: "keychain_locked", What: "the keychain is locked", Do: "unlock it"},
		},
		"# Plant\nThe keychain is locked. Unlock it.\n[Try again]",
	)
	wantToken(t, tokenState{Snap: out, Signing: true},
		"# Plant\nGo on in the browser: the sign-in page is open there. The token is shown here when you have signed in.\n[Cancel]")
}

func TestTokenViewOfOtherTokens(t *testing.T) {
	opaque := plantTokens()
	opaque.Access, opaque.ID, opaque.Scopes, opaque.Asked = "ya29.made-up", "", nil, nil
	s := seenOf(opaque, tabAccess)
	s.Snap.Home = ""
	wantToken(t, s, `
# Plant
anna@example.com
Valid until today at 12:47, in 47 min. Keyfob renews it by itself.
(44%)
*Access token* | ID token | Scopes · 1 missing | Session | 
> The token is opaque: it says nothing by itself, and the API asks the provider what it stands for.
> What was granted with it is among the scopes.
••••  12 characters [Show token]
[Copy token] [Copy as Authorization header] [Copy as shell variable]`)
	s.Tab = tabID
	if got := tokenText(tokenView(s, noon)); !strings.Contains(got, "> The provider gave no ID token.") || strings.Contains(got, "Show") {
		t.Errorf("without an ID token:\n%s", got)
	}
	s.Tab = tabScopes
	if got := tokenText(tokenView(s, noon)); !strings.Contains(got, "> The provider did not say what it granted.") ||
		!strings.Contains(got, "plant | – not asked | ✗ not granted | Required by the settings <plant> !") {
		t.Errorf("without scopes:\n%s", got)
	}
	jwe := plantTokens()
	jwe.Access = auth.Secret(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"dir","enc":"A256GCM"}`)) + "..aXY.Y3Q.dGFn")
	if got := tokenText(tokenView(seenOf(jwe, tabAccess), noon)); !strings.Contains(got, "> The token is encrypted") ||
		!strings.Contains(got, "-- Header\nalg | dir") {
		t.Errorf("encrypted:\n%s", got)
	}
	twice := plantTokens()
	twice.Access = jwtOf(`{"sub":"a","sub":"b","password":"hunter2"}`)
	if got := tokenText(tokenView(seenOf(twice, tabAccess), noon)); !strings.Contains(
		got,
		"the token says this more than once, so programs may not agree on it <b> !",
	) ||
		!strings.Contains(got, "password | (hidden) | It looks like a secret, so it is not shown <>") {
		t.Errorf("strange claims:\n%s", got)
	}
	service := seenOf(plantTokens(), tabAccess)
	service.Snap.Service = true
	if got := tokenView(service, noon).Valid; got != "Valid until today at 12:47, in 47 min. A new one is fetched when it is needed." {
		t.Errorf("service: %s", got)
	}
}

// TestTokenTextsHoldNoSecret looks for the tokens in all that the page knows.
func TestTokenTextsHoldNoSecret(t *testing.T) {
	tokens := plantTokens()
	for tab := range 4 {
		s := seenOf(tokens, tab)
		s.Shown = true
		all := fmt.Sprintf("%+v %+v %+v", s, *s.Known, tokenView(s, noon))
		for _, secret := range []string{tokens.Access.Reveal(), tokens.ID.Reveal(), signatureCanary, refreshCanary} {
			if strings.Contains(all, secret) {
				t.Errorf("tab %d knows %s", tab, secret)
			}
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1532: "1,532", 1048576: "1,048,576"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
}
