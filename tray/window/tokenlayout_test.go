package window

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// endlessTokens say long things, with and without spaces, and many of them.
func endlessTokens() auth.Tokens {
	tokens := plantTokens()
	claims := []string{
		`"iss":"https://` + strings.Repeat("very-long-host-name.", 20) + `example.com"`,
		`"sub":"` + strings.Repeat("W", 600) + `"`,
		`"groups":["` + strings.Repeat("a group with a long name ", 30) + `"]`,
		`"` + strings.Repeat("an endless name of a claim", 10) + `":{"a":[1,2,{"b":"c"}]}`,
	}
	for i := range 120 {
		claims = append(claims, fmt.Sprintf(`"claim%d":%d`, i, i))
	}
	tokens.Access = jwtOf("{" + strings.Join(claims, ",") + "}")
	tokens.Asked = append(tokens.Asked, "api://"+strings.Repeat("w", 150), strings.Repeat("a", 150))
	tokens.Account.Email = strings.Repeat("anna.", 30) + "@example.com"
	return tokens
}

// TestTokenLayout measures the page in windows of several sizes and at several
// scales: nothing is cut off, outside, or over something else.
func TestTokenLayout(t *testing.T) {
	endless, usual := endlessTokens(), plantTokens()
	long := plantSession(endless)
	long.Name = strings.Repeat("ThingWorx ", 20)
	over := plantTokens()
	over.Expiry = noon.Add(-time.Minute)
	ended := plantSession(over)
	ended.State, ended.Renewal = session.Expired, &session.Renewal{Mode: session.Manual, Reason: strings.Repeat("because ", 40)}
	for name, c := range map[string]struct {
		tokens auth.Tokens
		snap   session.Snapshot
	}{"usual": {usual, plantSession(usual)}, "endless": {endless, long}, "ended": {over, ended}} {
		r, p := newTokenWindow(t, c.tokens, c.snap)
		r.win.SetPadded(false)
		if least := r.win.Content().MinSize(); least.Width > 480 || least.Height > 520 {
			t.Errorf("%s: the least size is %v", name, least)
		}
		for _, scale := range []float32{1, 2} {
			r.win.Canvas().(test.WindowlessCanvas).SetScale(scale)
			for _, size := range []fyne.Size{
				{Width: 420, Height: 480}, {Width: frameWidth, Height: frameHeight}, {Width: 1200, Height: 800},
			} {
				r.win.Resize(size)
				for tab := range 4 {
					p.choose(tab)
					p.report(outcome{Text: strings.Repeat("The provider cannot be reached. ", 3), Bad: true})
					r.checkPage(p, fmt.Sprintf("%s, tab %d, %v at %v", name, tab, size, scale))
				}
				p.choose(tabAccess)
				if p.drawing.model.Reveal != "" {
					p.reveal()
					r.answer()
					r.checkPage(p, fmt.Sprintf("%s, shown, %v at %v", name, size, scale))
				}
			}
		}
	}
}

// checkPage looks at every piece of the page as it is laid out.
func (r *testWindow) checkPage(p *tokenPage, what string) {
	r.t.Helper()
	if least, size := r.win.Content().MinSize(), r.win.Canvas().Size(); least.Height > size.Height {
		r.win.Resize(fyne.NewSize(size.Width, least.Height)) // as the window manager has to
		defer r.win.Resize(size)
	}
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	size := r.win.Canvas().Size()
	pieces := append([]fyne.CanvasObject{p.drawing.tabs, p.drawing.body}, p.drawing.buttons.Objects...)
	if p.drawing.model.Reveal != "" {
		pieces = append(pieces, p.drawing.reveal)
	}
	if p.drawing.model.Action != "" {
		pieces = append(pieces, p.drawing.action)
	}
	last := float32(0)
	for _, o := range append([]fyne.CanvasObject{p.drawing.head, p.drawing.tabs, p.drawing.body}, p.drawing.row, p.drawing.buttons) {
		if !o.Visible() || o.Size().Height == 0 {
			continue
		}
		top := where(o).Y
		if top < last-1 {
			r.t.Errorf("%s: %T at %v begins above the end of what is before it, %v", what, o, top, last)
		}
		last = top + o.Size().Height
	}
	if last > size.Height+1 {
		r.t.Errorf("%s: the page ends at %v, in a window %v high", what, last, size.Height)
	}
	for _, o := range pieces {
		at := where(o)
		if at.X < 0 || at.X+o.Size().Width > size.Width+1 {
			r.t.Errorf("%s: %T reaches from %v to %v, in a window %v wide", what, o, at.X, at.X+o.Size().Width, size.Width)
		}
	}
	if p.drawing.body.Size().Height < widget.TableHeight-1 {
		r.t.Errorf("%s: the table is %v high", what, p.drawing.body.Size().Height)
	}
	for _, l := range []*widget.Label{p.drawing.name, p.drawing.valid, p.drawing.outcome} {
		if l.MinSize().Height > l.Size().Height+1 {
			r.t.Errorf("%s: %q is cut off", what, l.Text)
		}
	}
	if len(p.drawing.buttons.Objects) == 0 && p.state.Tab != tabID && p.drawing.model.Action == "" {
		r.t.Errorf("%s: nothing can be copied", what)
	}
}

// BenchmarkTokenMinute is what the page costs each minute: the times change.
func BenchmarkTokenMinute(b *testing.B) {
	test.NewTempApp(b)
	p := newTokenDrawing(tokenActions{})
	s := seenOf(plantTokens(), tabAccess)
	now := noon
	p.show(tokenView(s, now), nil)
	p.root.Resize(fyne.NewSize(frameWidth, frameHeight))
	for b.Loop() {
		now = now.Add(60e9)
		p.show(tokenView(s, now), nil)
	}
}
