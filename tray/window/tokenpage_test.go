package window

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// newTokenWindow is a window on the page of a token, behind the list of tools.
func newTokenWindow(t *testing.T, tokens auth.Tokens, snap session.Snapshot) (*testWindow, *tokenPage) {
	t.Helper()
	r := newTestWindow(t, agent.PageTools, snap)
	r.tokens = tokens
	r.make[agent.PageToken] = newTokenPage
	r.open(agent.PageToken + "/plant")
	r.wantAsked("inspect plant")
	r.answer()
	return r, r.top().page.(*tokenPage)
}

func TestTokenIsSeenOnlyWhileItIsShown(t *testing.T) {
	tokens := plantTokens()
	r, p := newTokenWindow(t, tokens, plantSession(tokens))
	secret := tokens.Access.Reveal()
	hidden := func(when string) {
		t.Helper()
		r.wantTexts("!"+signatureCanary, "Show token", "https://sso.example.com")
		if all := fmt.Sprintf("%+v %+v", p.state, p.drawing.model); strings.Contains(all, signatureCanary) || p.drawing.token != nil {
			t.Fatalf("%s the page knows the token", when)
		}
	}
	show := func() {
		t.Helper()
		test.Tap(p.drawing.reveal)
		r.wantAsked("token plant")
		r.answer()
		r.wantTexts(secret, "Hide", "It is hidden again in 30 seconds.")
		if all := fmt.Sprintf("%+v %+v", p.state, p.drawing.model); strings.Contains(all, signatureCanary) {
			t.Fatal("the token is in the model")
		}
	}
	hidden("at first")

	show()
	r.later[0]()
	r.later = nil
	hidden("after a while")

	show()
	test.Tap(p.drawing.reveal)
	hidden("after Hide")
	show()
	r.later[0]() // of the one before
	r.wantTexts(secret)
	r.escape()
	hidden("after Esc")
	if r.top().key != "token/plant" {
		t.Fatal("Esc left the page as well")
	}

	show()
	p.choose(tabScopes)
	r.wantTexts("!"+signatureCanary, "✓ granted"[len("✓ "):])
	p.choose(tabAccess)
	hidden("on another tab")

	show()
	r.escape()
	r.escape()
	r.later[len(r.later)-1]()
	if r.top().key != agent.PageTools || p.drawing.token != nil {
		t.Fatal("Esc does not leave the page")
	}
}

func TestTokenShownLateIsNotShown(t *testing.T) {
	tokens := plantTokens()
	r, p := newTokenWindow(t, tokens, plantSession(tokens))
	test.Tap(p.drawing.reveal)
	test.Tap(p.drawing.reveal) // a double click
	r.wantAsked("token plant")
	p.choose(tabID)
	r.answer()
	r.wantTexts("!" + signatureCanary)
	test.Tap(p.drawing.reveal)
	r.wantAsked("token plant")
	r.back()
	r.answer()
	r.wantTexts("!" + signatureCanary)
}

func TestIDTokenCanBeShown(t *testing.T) {
	tokens := plantTokens()
	r, p := newTokenWindow(t, tokens, plantSession(tokens))
	r.press(fyne.KeyRight)
	r.wantTexts("Show ID token", "n-0S6", "!Copy token")
	test.Tap(p.drawing.reveal)
	r.wantAsked("token plant")
	r.answer()
	r.wantTexts(tokens.ID.Reveal(), "!"+tokens.Access.Reveal())
}

// TestTokenRenewedMeanwhile keeps tab, row and focus, and shows no old token.
func TestTokenRenewedMeanwhile(t *testing.T) {
	tokens := plantTokens()
	r, p := newTokenWindow(t, tokens, plantSession(tokens))
	r.press(fyne.KeyTab, fyne.KeyDown)
	row := r.currentRow(p)
	r.update([]session.Snapshot{plantSession(tokens)})
	r.wantAsked() // nothing is new

	test.Tap(p.drawing.reveal)
	r.answer()
	r.wantAsked("token plant")
	r.win.Canvas().Focus(p.drawing.reveal)
	tokens.IssuedAt, tokens.Expiry = noon, noon.Add(time.Hour)
	r.tokens = tokens
	r.update([]session.Snapshot{plantSession(tokens)})
	r.wantAsked("inspect plant")
	r.wantTexts(tokens.Access.Reveal())
	r.answer()
	r.wantTexts("!"+signatureCanary, "Valid until today at 13:00, in 1 h.", "The token was renewed. Show it to see the new one.")
	if r.focus() != "Show token" || r.currentRow(p) != row {
		t.Errorf("the focus is on %q, the row is %q", r.focus(), r.currentRow(p))
	}

	r.clock = r.clock.Add(10 * time.Minute)
	r.update([]session.Snapshot{plantSession(tokens)})
	r.wantAsked()
	r.wantTexts("in 50 min")
}

func TestTokenPageChangesWhileItAsks(t *testing.T) {
	tokens := plantTokens()
	r, _ := newTokenWindow(t, tokens, plantSession(tokens))
	for i := range 3 {
		tokens.Expiry = noon.Add(time.Duration(i+2) * time.Hour)
		r.tokens = tokens
		r.update([]session.Snapshot{plantSession(tokens)})
	}
	r.wantAsked("inspect plant")
	r.answer()
	r.wantAsked("inspect plant")
	r.answer()
	r.wantAsked()
	r.wantTexts("Valid until today at 16:00")
}

func TestTokenPageSignsIn(t *testing.T) {
	out := session.Snapshot{Tool: "plant", Name: "Plant", State: session.SignedOut}
	r := newTestWindow(t, agent.PageTools, out)
	r.make[agent.PageToken] = newTokenPage
	r.make[agent.PageWaiting] = func(e env, tool string) page {
		r.opened["waiting "+tool] = &emptyPage{testPage{env: e, name: "waiting", entry: widget.NewField("", nil, nil)}}
		return r.opened["waiting "+tool]
	}
	r.err = &auth.Error{Kind: auth.KindSignIn, Code: "signed_out", What: "nobody is signed in"}
	r.open(agent.PageToken + "/plant")
	r.answer()
	r.wantAsked("inspect plant")
	r.wantTexts("Nobody is signed in, so there is no token. Sign in to get one.", "!Show token")
	if got := r.focus(); got != "Sign in" {
		t.Fatalf("the focus is on %q", got)
	}
	r.err = nil
	r.press(fyne.KeyReturn)
	r.wantAsked("login plant")
	r.press(fyne.KeyReturn) // Cancel, where Sign in was: a double click is no change of mind
	r.wantAsked()

	r.update([]session.Snapshot{in(out, session.SigningIn)})
	if r.opened["waiting plant"] == nil {
		t.Fatal("the page of the sign-in did not open")
	}
	r.back()
	r.update([]session.Snapshot{in(out, session.SigningIn)})
	if r.top().key != "token/plant" {
		t.Fatal("the page of the sign-in opens again and again")
	}
	r.clock = r.clock.Add(time.Second)
	r.press(fyne.KeyReturn)
	r.mu.Lock()
	asked := strings.Join(r.asked, ", ")
	r.asked = nil
	r.mu.Unlock()
	if !strings.Contains(asked, "cancel plant") {
		t.Fatalf("asked %s", asked)
	}
	r.tokens = plantTokens()
	r.update([]session.Snapshot{plantSession(r.tokens)})
	for len(r.answers) > 0 {
		r.answer()
	}
	r.wantTexts("Show token", "https://sso.example.com")
	if got := r.focus(); got != "tabs" {
		t.Errorf("the focus is on %q", got)
	}
}

func TestTokenOfAToolThatIsGone(t *testing.T) {
	tokens := plantTokens()
	r, p := newTokenWindow(t, tokens, plantSession(tokens))
	test.Tap(p.drawing.reveal)
	r.answer()
	r.update(nil)
	r.wantTexts("This tool is no longer in the settings.", "!"+signatureCanary, "!Show token")
	if p.drawing.token != nil {
		t.Error("the token is still there, out of sight")
	}
}

func TestTokenErrors(t *testing.T) {
	tokens := plantTokens()
	r, p := newTokenWindow(t, tokens, plantSession(tokens))
	r.err = &auth.Error{Kind: auth.KindTransient, What: "the provider cannot be reached", Do: "check the network"}
	test.Tap(p.drawing.reveal)
	r.answer()
	r.wantTexts("The provider cannot be reached. Check the network.", "Show token")
	test.Tap(p.drawing.copies[agent.CopyHeader])
	r.answer()
	r.wantTexts("The provider cannot be reached. Check the network.")
}
