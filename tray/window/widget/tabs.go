package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tabs is a row of words of which one is chosen, which Fyne's own tabs let
// nobody do with the keyboard. The chosen one is bold and has a line below it.
type Tabs struct {
	widget.BaseWidget
	names   []string
	chosen  int
	focused bool
	onEsc   func()
	choose  func(int)
}

// NewTabs makes a row without tabs: see [Tabs.Set]. choose is told what a person
// chooses, and calls Set in turn.
func NewTabs(choose func(int), esc func()) *Tabs {
	t := &Tabs{choose: choose, onEsc: esc}
	t.ExtendBaseWidget(t)
	return t
}

// Set shows these tabs.
func (t *Tabs) Set(names []string, chosen int) {
	t.names, t.chosen = names, chosen
	t.Refresh()
}

// FocusGained implements [fyne.Focusable].
func (t *Tabs) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost implements [fyne.Focusable].
func (t *Tabs) FocusLost() { t.focused = false; t.Refresh() }

// TypedRune implements [fyne.Focusable].
func (t *Tabs) TypedRune(rune) {}

// TypedKey implements [fyne.Focusable].
func (t *Tabs) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyLeft:
		t.move(t.chosen - 1)
	case fyne.KeyRight:
		t.move(t.chosen + 1)
	case fyne.KeyHome:
		t.move(0)
	case fyne.KeyEnd:
		t.move(len(t.names) - 1)
	case fyne.KeyEscape:
		t.onEsc()
	}
}

func (t *Tabs) move(to int) {
	if to >= 0 && to < len(t.names) && to != t.chosen {
		t.choose(to)
	}
}

// Tapped chooses the tab below the mouse.
func (t *Tabs) Tapped(ev *fyne.PointEvent) {
	x := float32(0)
	for i := range t.names {
		if x += t.width(i); ev.Position.X < x {
			t.move(i)
			break
		}
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t)
	}
}

// Cursor implements [desktop.Cursorable].
func (t *Tabs) Cursor() desktop.Cursor { return desktop.PointerCursor }

// tabEdge is the room at both sides of a tab's name.
const tabEdge = 12

// width is that of a tab. It does not change when the tab is chosen.
func (t *Tabs) width(i int) float32 {
	bold := fyne.TextStyle{Bold: true}
	return fyne.MeasureText(t.names[i], theme.TextSize(), bold).Width + 2*tabEdge
}

// CreateRenderer implements [fyne.Widget].
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	r := &tabsRenderer{
		Tabs: t,
		ring: newRing(),
		mark: canvas.NewRectangle(color.Transparent),
		base: canvas.NewRectangle(color.Transparent),
	}
	r.Refresh()
	return r
}

type tabsRenderer struct {
	*Tabs
	words            []*canvas.Text
	ring, mark, base *canvas.Rectangle
}

func (r *tabsRenderer) Destroy() {}

func (r *tabsRenderer) MinSize() fyne.Size {
	width := float32(0)
	for i := range r.names {
		width += r.width(i)
	}
	return fyne.NewSize(width, theme.TextSize()+2*theme.InnerPadding())
}

func (r *tabsRenderer) Layout(size fyne.Size) {
	x := float32(0)
	for i, w := range r.words {
		width := r.width(i)
		Place(w, fyne.NewPos(x, 0), fyne.NewSize(width, size.Height-2))
		if i == r.chosen {
			Place(r.mark, fyne.NewPos(x+tabEdge/2, size.Height-3), fyne.NewSize(width-tabEdge, 3))
			Place(r.ring, fyne.NewPos(x, 2), fyne.NewSize(width, size.Height-7))
		}
		x += width
	}
	Place(r.base, fyne.NewPos(0, size.Height-1), fyne.NewSize(size.Width, 1))
}

func (r *tabsRenderer) Refresh() {
	for len(r.words) < len(r.names) {
		w := canvas.NewText("", color.Transparent)
		w.Alignment = fyne.TextAlignCenter
		r.words = append(r.words, w)
	}
	r.words = r.words[:len(r.names)]
	for i, w := range r.words {
		w.Text, w.TextSize, w.Color = r.names[i], theme.TextSize(), theme.Color(theme.ColorNameForeground)
		w.TextStyle.Bold = i == r.chosen
		w.Refresh()
	}
	r.mark.FillColor = theme.Color(theme.ColorNamePrimary)
	r.base.FillColor = theme.Color(theme.ColorNameSeparator)
	styleRing(r.ring)
	r.ring.Hidden = !r.focused
	r.Layout(r.Size())
	canvas.Refresh(r.Tabs)
}

func (r *tabsRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.base, r.mark, r.ring}
	for _, w := range r.words {
		all = append(all, w)
	}
	return all
}

var (
	_ fyne.Focusable     = (*Tabs)(nil)
	_ desktop.Cursorable = (*Tabs)(nil)
)
