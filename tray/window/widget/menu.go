package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ShowMenuBelow opens a menu below a button, where Enter chooses the first
// item. closed is called when the menu goes away: Fyne leaves the focus to
// nobody then.
func ShowMenuBelow(b *Button, closed func(), items ...*fyne.MenuItem) {
	c := fyne.CurrentApp().Driver().CanvasForObject(b)
	if c == nil {
		return
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), c)
	menu.OnDismiss = func() {
		menu.Hide()
		closed()
	}
	menu.ShowAtRelativePosition(fyne.NewPos(0, b.Size().Height+theme.Padding()), b)
	menu.ActivateNext()
}

// showMenuAt opens a menu at a place on the canvas that o is on.
func showMenuAt(o fyne.CanvasObject, at fyne.Position, items ...*fyne.MenuItem) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
		widget.NewPopUpMenu(fyne.NewMenu("", items...), c).ShowAtPosition(at)
	}
}
