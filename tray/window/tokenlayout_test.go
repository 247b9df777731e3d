package window

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/auth"
	"keyfob/auth/session"
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
		r, p := newTokenRoom(t, c.tokens, c.snap)
		r.win.SetPadded(false)
		if least := r.win.Content().MinSize(); least.Width > 480 || least.Height > 520 {
			t.Errorf("%s: the least size is %v", name, least)
		}
		for _, scale := range []float32{1, 2} {
			r.win.Canvas().(test.WindowlessCanvas).SetScale(scale)
			for _, size := range []fyne.Size{{Width: 420, Height: 480}, {Width: frameWidth, Height: frameHeight}, {Width: 1200, Height: 800}} {
				r.win.Resize(size)
				for tab := range 4 {
					p.turn(tab)
					p.say(said{Text: strings.Repeat("The provider cannot be reached. ", 3), Bad: true})
					r.checkPage(p, fmt.Sprintf("%s, tab %d, %v at %v", name, tab, size, scale))
				}
				p.turn(tabAccess)
				if p.draws.model.Reveal != "" {
					p.reveal()
					r.answer()
					r.checkPage(p, fmt.Sprintf("%s, shown, %v at %v", name, size, scale))
				}
			}
		}
	}
}

// checkPage looks at every piece of the page as it is laid out.
func (r *room) checkPage(p *tokenPage, what string) {
	r.t.Helper()
	if least, size := r.win.Content().MinSize(), r.win.Canvas().Size(); least.Height > size.Height {
		r.win.Resize(fyne.NewSize(size.Width, least.Height)) // as the window manager has to
		defer r.win.Resize(size)
	}
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	size := r.win.Canvas().Size()
	pieces := append([]fyne.CanvasObject{p.draws.tabs, p.draws.body}, p.draws.buttons.Objects...)
	if p.draws.model.Reveal != "" {
		pieces = append(pieces, p.draws.reveal)
	}
	if p.draws.model.Action != "" {
		pieces = append(pieces, p.draws.action)
	}
	last := float32(0)
	for _, o := range append([]fyne.CanvasObject{p.draws.head, p.draws.tabs, p.draws.body}, p.draws.row, p.draws.buttons) {
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
	if p.draws.body.Size().Height < gridLeast-1 {
		r.t.Errorf("%s: the table is %v high", what, p.draws.body.Size().Height)
	}
	for _, l := range []*widget.Label{p.draws.name, p.draws.valid, p.draws.said} {
		if l.MinSize().Height > l.Size().Height+1 {
			r.t.Errorf("%s: %q is cut off", what, l.Text)
		}
	}
	g := p.draws.grid
	if p.draws.token != nil {
		return
	}
	bottom := float32(0)
	for i, row := range g.rows {
		if row.top < bottom-1 {
			r.t.Errorf("%s: row %d begins at %v, above %v", what, i, row.top, bottom)
		}
		bottom = row.bottom
		right := float32(0)
		for j, c := range row.cells {
			l := c.text
			if l.Text == "" {
				continue
			}
			pad := theme.InnerPadding()
			if l.MinSize().Height > l.Size().Height+1 || l.Position().Y+pad < row.top || l.Position().Y+l.Size().Height-pad > row.bottom+1 {
				r.t.Errorf("%s: cell %d of row %d is cut off", what, j, i)
			}
			if g.width >= gridNarrow && l.Position().X+pad < right {
				r.t.Errorf("%s: cell %d of row %d lies over the one before", what, j, i)
			}
			right = l.Position().X + l.Size().Width - pad
			if right > g.width+1 {
				r.t.Errorf("%s: cell %d of row %d ends at %v of %v", what, j, i, right, g.width)
			}
		}
	}
	if len(p.draws.buttons.Objects) == 0 && p.seen.Tab != tabID && p.draws.model.Action == "" {
		r.t.Errorf("%s: nothing can be copied", what)
	}
	if d := g.scroll.Content.Size().Height - max(g.height, g.scroll.Size().Height); d < -1 || d > 1 {
		r.t.Errorf("%s: %v high, of which %v can be scrolled to", what, g.height, g.scroll.Content.Size().Height)
	}
}

// TestTokenTableScrollsToItsRow goes through a long table with the keyboard:
// the current row is always in sight.
func TestTokenTableScrollsToItsRow(t *testing.T) {
	tokens := endlessTokens()
	r, p := newTokenRoom(t, tokens, plantSession(tokens))
	g := p.draws.grid
	r.press(fyne.KeyTab)
	for _, keys := range [][]fyne.KeyName{{fyne.KeyEnd}, {fyne.KeyUp, fyne.KeyUp}, {fyne.KeyPageUp}, {fyne.KeyPageUp, fyne.KeyPageUp}, {fyne.KeyHome}, {fyne.KeyPageDown}, {fyne.KeyDown}} {
		before := g.current
		r.press(keys...)
		row := g.rows[g.current]
		tall := row.bottom-row.top > g.scroll.Size().Height
		if at, seen := g.scroll.Offset.Y, g.scroll.Size().Height; !tall && (row.top < at-1 || row.bottom > at+seen+1) {
			t.Errorf("%v: row %d from %v to %v is out of sight at %v", keys, g.current, row.top, row.bottom, at)
		}
		if g.current == before {
			t.Errorf("%v leaves the row where it is", keys)
		}
	}
	at := g.scroll.Offset
	r.clock = r.clock.Add(-10 * 60e9)
	r.update([]session.Snapshot{plantSession(tokens)})
	if g.scroll.Offset != at {
		t.Errorf("a minute later it is scrolled from %v to %v", at, g.scroll.Offset)
	}
}

// BenchmarkTokenMinute is what the page costs each minute: the times change.
func BenchmarkTokenMinute(b *testing.B) {
	test.NewTempApp(b)
	p := newTokenDraw(tokenActs{})
	s := seenOf(plantTokens(), tabAccess)
	now := noon
	p.show(tokenView(s, now), nil)
	p.root.Resize(fyne.NewSize(frameWidth, frameHeight))
	for b.Loop() {
		now = now.Add(60e9)
		p.show(tokenView(s, now), nil)
	}
}

// TestTokenFitsItsField shows tokens of the usual and of the greatest length:
// every line fits, and none is shorter than it has to be.
func TestTokenFitsItsField(t *testing.T) {
	tokens := plantTokens()
	r, p := newTokenRoom(t, tokens, plantSession(tokens))
	for _, length := range []int{1, 60, 2000, 64 << 10} {
		p.seen.Shown = true
		p.draws.expose(auth.Secret(strings.Repeat("W", length)))
		for _, width := range []float32{440, 1200, frameWidth} {
			r.win.Resize(fyne.NewSize(width, frameHeight))
			lines := strings.Split(p.draws.token.Text, "\n")
			room := p.draws.token.Size().Width - 2*theme.InnerPadding()
			most := fyne.MeasureText(strings.Repeat("W", p.draws.token.columns), theme.TextSize(), p.draws.token.TextStyle).Width
			if most > room || most < room-30 {
				t.Errorf("lines are %v wide in a field with room for %v", most, room)
			}
			if got := strings.Join(lines, ""); len(got) != length || len(lines) != (length+p.draws.token.columns-1)/p.draws.token.columns {
				t.Errorf("%d characters became %d in %d lines", length, len(got), len(lines))
			}
		}
		p.hide()
	}
}
