package window

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"keyfob/tray/window/widget"
)

// rows makes n rows that say long things.
func rows(n int) []promptRow {
	var all []promptRow
	for i := range n {
		all = append(all, promptRow{
			Tool: fmt.Sprint("tool", i), Name: fmt.Sprint("ThingWorx Plant ", i), Action: "Sign in",
			Facts: []string{
				"anna.katharina.mustermann@a-rather-long-company-name.example.com · ended yesterday at 22:00",
				"It could not renew itself: offline_access was asked for but not granted, so there is no refresh token.",
			},
		})
	}
	return all
}

// TestLayout measures the window: it has one width, nothing is cut off or
// outside, and however many sessions ended it fits a small screen.
func TestLayout(t *testing.T) {
	endless := rows(1)
	endless[0].Name = strings.Repeat("W", 60)
	failed := rows(1)
	failed[0].Problem = strings.Repeat("The provider cannot be reached. ", 5)
	waits := rows(3)
	waits[1].Waiting, waits[1].Action = true, "Cancel"

	for name, m := range map[string]promptModel{
		"one":          {Heading: "Your ThingWorx Plant 4 session has ended", Rows: rows(1)},
		"waiting":      {Heading: "Your ThingWorx Plant 4 session has ended", Rows: waits[1:2]},
		"failed":       {Heading: "Your ThingWorx Plant 4 session has ended", Rows: failed},
		"endless name": {Heading: "Your " + endless[0].Name + " session has ended", Rows: endless},
		"three":        {Heading: "3 sessions have ended", Rows: waits},
		"thirty":       {Heading: "30 sessions have ended", Rows: rows(30)},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPromptDrawing(test.NewTempApp(t), theme.WarningIcon(), time.Now, promptActions{})
			p.show(m)
			c := p.win.Canvas()
			if size := c.Size(); size.Width != promptWidth || size.Height > 600 {
				t.Errorf("the window is %v", size)
			}
			const half = 0.5 // a unit, for rounding
			edge := theme.InnerPadding() + half
			inside := fyne.NewSize(c.Size().Width-promptMargin+half, c.Size().Height-promptMargin+half)
			inset, _ := c.InteractiveArea() // the test driver's positions leave it out
			var labels, buttons int
			for _, o := range test.LaidOutObjects(c.Content()) {
				var what string
				switch o := o.(type) {
				case *widget.Label:
					labels++
					what = o.Text
				case *widget.Button:
					buttons++
					what = o.Text
				default:
					continue
				}
				if min := o.MinSize(); o.Size().Height < min.Height || o.Size().Width < min.Width {
					t.Errorf("%q needs %v and has %v", what, min, o.Size())
				}
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Add(inset)
				far := at.Add(o.Size())
				if _, is := o.(*widget.Label); is { // it may reach out by its empty edge
					at, far = at.AddXY(edge, edge), far.SubtractXY(edge, edge)
				}
				if at.X < promptMargin || far.X > inside.Width {
					t.Errorf("%q lies from %v to %v", what, at.X, far.X)
				}
				if scrolls := len(m.Rows) > 3; !scrolls && (at.Y < promptMargin || far.Y > inside.Height) {
					t.Errorf("%q lies from %v down to %v of %v", what, at.Y, far.Y, inside.Height)
				}
			}
			if labels < 1+2*len(m.Rows) || buttons < len(m.Rows) {
				t.Errorf("%d labels and %d buttons for %d rows", labels, buttons, len(m.Rows))
			}
		})
	}
}

// ring is what shows that a button has the focus.
func ring(b *widget.Button) fyne.CanvasObject {
	all := b.Object().Objects
	return all[len(all)-1]
}

// TestFocusIsSeen holds that the focused button, and only it, wears the ring.
func TestFocusIsSeen(t *testing.T) {
	p := newPromptDrawing(test.NewTempApp(t), theme.WarningIcon(), time.Now, promptActions{})
	p.show(promptModel{Heading: "2 sessions have ended", Rows: rows(2)})
	seen := map[string]bool{}
	p.win.Canvas().FocusNext()
	for range len(p.buttons) {
		for key, b := range p.buttons {
			if focused := p.win.Canvas().Focused() == fyne.Focusable(b); focused != ring(b).Visible() {
				t.Errorf("button %q: focused %v, ring %v", key, focused, ring(b).Visible())
			} else if focused {
				seen[key] = true
			}
		}
		p.win.Canvas().FocusNext()
	}
	if len(seen) != 3 {
		t.Errorf("Tab reached %d of 3 buttons", len(seen))
	}
}

// TestTabScrolls holds that the focus never goes where it is not seen.
func TestTabScrolls(t *testing.T) {
	p := newPromptDrawing(test.NewTempApp(t), theme.WarningIcon(), time.Now, promptActions{})
	p.show(promptModel{Heading: "12 sessions have ended", Rows: rows(12)})
	if p.scroll == nil {
		t.Fatal("12 rows do not scroll")
	}
	for range 2 * len(p.buttons) {
		p.win.Canvas().FocusNext()
		b := p.win.Canvas().Focused().(*widget.Button)
		if b == p.buttons[later] {
			continue
		}
		where := fyne.CurrentApp().Driver().AbsolutePositionForObject
		top := where(b).Y - where(p.scroll).Y
		if bottom := top + b.Size().Height; top < 0 || bottom > p.scroll.Size().Height {
			t.Errorf("the focus is at %v to %v of %v", top, bottom, p.scroll.Size().Height)
		}
	}
	p.win.Canvas().Focus(p.buttons["tool0"])
	before := p.scroll.Offset
	p.win.Canvas().Focus(p.buttons["tool11"])
	if p.scroll.Offset == before {
		t.Fatal("did not scroll to the last row")
	}
	before = p.scroll.Offset
	changed := promptModel{Heading: p.model.Heading, Rows: rows(12)}
	changed.Rows[11].Waiting, changed.Rows[11].Action = true, "Cancel"
	p.show(changed)
	if p.scroll.Offset.Y < before.Y {
		t.Errorf("scrolled from %v back to %v", before, p.scroll.Offset)
	}
}
