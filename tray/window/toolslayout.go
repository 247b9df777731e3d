package window

import (
	"fyne.io/fyne/v2"

	"keyfob/tray/window/widget"
)

// The measures of the two sides, in Fyne's units.
const (
	listShare    = 0.4 // of the page's width
	listLeast    = 230
	listMost     = 340
	paneLeast    = 300
	panesLeast   = 300 // high
	betweenPanes = 18
)

// twoPanes places, in this order, the filter, the list, a line, what scrolls
// at the right, and the buttons below the list.
type twoPanes struct {
	drawing *toolDrawing
}

// MinSize implements [fyne.Layout].
func (t *twoPanes) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(max(listLeast, o[4].MinSize().Width)+2*betweenPanes+paneLeast, panesLeast)
}

// Layout implements [fyne.Layout].
func (t *twoPanes) Layout(o []fyne.CanvasObject, size fyne.Size) {
	filter, list, line, pane, foot := o[0], o[1], o[2], o[3], o[4]
	listWidth := max(min(max(size.Width*listShare, listLeast), listMost), foot.MinSize().Width)
	top, bottom := float32(0), foot.MinSize().Height
	if filter.Visible() {
		widget.Place(filter, fyne.NewPos(0, 0), fyne.NewSize(listWidth, filter.MinSize().Height))
		top = filter.Size().Height + 8
	}
	widget.Place(list, fyne.NewPos(0, top), fyne.NewSize(listWidth, size.Height-top-bottom-10))
	widget.Place(foot, fyne.NewPos(0, size.Height-bottom), fyne.NewSize(listWidth, bottom))
	widget.Place(line, fyne.NewPos(listWidth+betweenPanes, 0), fyne.NewSize(1, size.Height))
	at := listWidth + 2*betweenPanes
	t.drawing.width = size.Width - at - widget.ScrollBar
	widget.Place(pane, fyne.NewPos(at, 0), fyne.NewSize(size.Width-at, size.Height))
}
