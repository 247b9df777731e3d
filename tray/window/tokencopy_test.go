package window

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"keyfob/app/agent"
)

func TestTokenPageByKeyboard(t *testing.T) {
	tokens := plantTokens()
	r, p := newTokenWindow(t, tokens, plantSession(tokens))
	var order []string
	for range 7 {
		order = append(order, r.focus())
		r.press(fyne.KeyTab)
	}
	const want = "tabs, table, Show token, Copy token, Copy as Authorization header, Copy as curl, Copy as shell variable"
	if got := strings.Join(order, ", "); got != want {
		t.Errorf("Tab goes over %s", got)
	}
	r.win.Canvas().Focus(p.drawing.tabs)
	r.press(fyne.KeyEnd, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyLeft)
	if p.state.Tab != tabAccess {
		t.Errorf("the arrows lead to tab %d", p.state.Tab)
	}

	r.press(fyne.KeyTab)
	r.wantTexts("Enter copies the value of the row.")
	r.press(fyne.KeyDown, fyne.KeyReturn)
	if got := r.clipboard(); got != "plant" {
		t.Errorf("Enter copied %q", got)
	}
	r.wantTexts("The value of aud is in the clipboard.")
	r.press(fyne.KeyEnd)
	p.drawing.table.TypedShortcut(&fyne.ShortcutCopy{})
	if got := r.clipboard(); got != "JWT" {
		t.Errorf("Ctrl+C copied %q", got)
	}
	r.press(fyne.KeyUp, fyne.KeyUp, fyne.KeyReturn) // over the heading
	if got := r.clipboard(); got != `a\u202eb` {
		t.Errorf("above the heading is %q", got)
	}
	r.press(fyne.KeyHome, fyne.KeyPageDown, fyne.KeyPageUp, fyne.KeyUp, fyne.KeySpace)
	if got := r.clipboard(); got != "https://sso.example.com" {
		t.Errorf("at the top is %q", got)
	}

	r.press(fyne.KeyTab, fyne.KeyTab, fyne.KeyReturn, fyne.KeyTab, fyne.KeyReturn, fyne.KeyTab, fyne.KeyReturn, fyne.KeyTab, fyne.KeyReturn)
	r.wantAsked("copy plant ", "copy plant header", "copy plant curl", "copy plant env")
	r.answer()
	r.wantTexts("Copied to the clipboard as shell variable. It stays there for a while.")
	r.press(fyne.KeyEscape)
	if r.top().key != agent.PageTools {
		t.Error("Esc does not lead back")
	}
}

func TestShownTokenIsCopiedByTheEngine(t *testing.T) {
	tokens := plantTokens()
	r, p := newTokenWindow(t, tokens, plantSession(tokens))
	fyne.CurrentApp().Clipboard().SetContent("before")
	test.Tap(p.drawing.reveal)
	r.answer()
	r.wantAsked("token plant")
	r.win.Canvas().Focus(p.drawing.token)
	for _, s := range []fyne.Shortcut{
		&fyne.ShortcutSelectAll{}, &fyne.ShortcutCut{}, &fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()},
		&fyne.ShortcutUndo{}, &fyne.ShortcutCopy{},
	} {
		p.drawing.token.TypedShortcut(s)
	}
	p.drawing.token.TypedRune('x')
	r.press(fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyReturn)
	r.wantAsked("copy plant ")
	if r.clipboard() != "before" || strings.ReplaceAll(p.drawing.token.Text, "\n", "") != tokens.Access.Reveal() {
		t.Error("the token was changed, or copied past the engine")
	}
	if strings.ReplaceAll(p.drawing.token.SelectedText(), "\n", "") != tokens.Access.Reveal() {
		t.Error("the token cannot be selected")
	}
	r.press(fyne.KeyEscape)
	r.wantTexts("!"+signatureCanary, "Show token")
}

// clipboard is what is in Fyne's clipboard.
func (r *testWindow) clipboard() string { return fyne.CurrentApp().Clipboard().Content() }

// currentRow is what copying the current row of the table gives.
func (r *testWindow) currentRow(p *tokenPage) string {
	outcome := p.state.Outcome
	p.drawing.table.TypedShortcut(&fyne.ShortcutCopy{})
	p.report(outcome)
	return r.clipboard()
}
