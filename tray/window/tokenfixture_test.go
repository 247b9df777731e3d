package window

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/inspect/parse"
	"keyfob/auth/session"
)

// The canaries stand for what must not be in any text of the page.
const (
	signatureCanary = "c2lnbmF0dXJlLWNhbmFyeQ"
	refreshCanary   = "refresh-canary-0123456789"
)

// jwtOf is a token that says claims.
func jwtOf(claims string) auth.Secret {
	e := base64.RawURLEncoding.EncodeToString
	return auth.Secret(e([]byte(`{"typ":"JWT","alg":"RS256"}`)) + "." + e([]byte(claims)) + "." + signatureCanary)
}

// plantTool and plantTokens are a session with 47 minutes left at noon.
var plantTool = auth.Tool{ID: "plant", ClientID: "keyfob", MandatoryScopes: []string{"plant"}}

func plantTokens() auth.Tokens {
	end := noon.Add(47*time.Minute + 30*time.Second)
	return auth.Tokens{
		Access: jwtOf(
			fmt.Sprintf(
				`{"iss":"https://sso.example.com","aud":"plant","scp":"plant","exp":%d,"iat":%d,"x":"a\u202eb"}`,
				end.Unix(),
				noon.Add(-time.Hour).Unix(),
			),
		),
		ID: jwtOf(`{"aud":"keyfob","nonce":"n-0S6"}`), Refresh: refreshCanary,
		Account: auth.Account{Issuer: "https://sso.example.com", Subject: "4711", Name: "Anna", Email: "anna@example.com"},
		Asked:   []string{"openid", "plant", "reports"}, Scopes: []string{"openid", "plant", "email"},
		SignedInAt: noon.Add(-30 * time.Hour), IssuedAt: noon.Add(-time.Hour), Expiry: end,
	}
}

// plantSession is the session of tokens.
func plantSession(t auth.Tokens) session.Snapshot {
	return session.Snapshot{
		Tool: "plant", Name: "Plant", Home: "https://plant.example.com", State: session.Active, Account: t.Account.Label(), Set: "1",
		SignedInAt: t.SignedInAt, AccessUntil: t.Expiry, Store: session.StoreKeychain, Renewal: &session.Renewal{Mode: session.Automatic},
	}
}

// tokenText is a tokenModel as text.
func tokenText(m tokenModel) string {
	var out strings.Builder
	line := func(format string, args ...any) {
		out.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
	}
	line("# %s", m.Name)
	for _, s := range []string{m.Account, m.Valid, m.Empty} {
		if s != "" {
			line("%s", s)
		}
	}
	if m.TimeLeft.Shown {
		soon := ""
		if m.TimeLeft.Soon {
			soon = " soon"
		}
		line("(%.0f%%%s)", m.TimeLeft.Part*100, soon)
	}
	if m.Action != tokenNoAction {
		line("[%s]", m.Action.label())
	}
	for i, name := range m.Tabs {
		if i == m.Tab {
			name = "*" + name + "*"
		}
		out.WriteString(name + " | ")
	}
	if m.Tabs != nil {
		out.WriteString("\n")
	}
	for _, n := range m.Table.Notes {
		line("> %s", n)
	}
	if m.Table.Head != nil {
		line("%s", strings.Join(m.Table.Head, " | "))
	}
	for _, r := range m.Table.Rows {
		bad := ""
		if r.Bad {
			bad = " !"
		}
		if len(r.Cells) == 1 {
			line("-- %s", r.Cells[0])
			continue
		}
		line("%s <%s>%s", strings.Join(r.Cells, " | "), r.Copy, bad)
	}
	if m.Mask+m.Reveal != "" {
		line("%s [%s]", m.Mask, m.Reveal)
	}
	var copies []string
	for _, c := range m.Copies {
		copies = append(copies, "["+c.Label+"]")
	}
	if copies != nil {
		line("%s", strings.Join(copies, " "))
	}
	if m.Outcome.Text != "" {
		bad := ""
		if m.Outcome.Bad {
			bad = "! "
		}
		line("%s%s", bad, m.Outcome.Text)
	}
	return out.String()
}

// seen is what a page knows that was opened on tokens at noon.
func seenOf(t auth.Tokens, tab int) tokenState {
	in := parse.Tokens(t, plantTool, noon)
	return tokenState{Snap: plantSession(t), Known: &in, Tab: tab}
}

func wantToken(t *testing.T, s tokenState, want string) {
	t.Helper()
	got := strings.TrimSpace(tokenText(tokenView(s, noon)))
	if want = strings.TrimSpace(want); got != want {
		t.Errorf("shows:\n%s\n\nwant:\n%s", got, want)
	}
}
