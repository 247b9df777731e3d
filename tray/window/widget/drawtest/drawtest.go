// Package drawtest counts, for tests, what makes Fyne draw a window anew. It must
// never be linked into a program.
package drawtest

import "fyne.io/fyne/v2"

// Canvas counts how often it is asked to draw.
type Canvas struct {
	fyne.Canvas
	Asked int
}

// SetDirty implements the canvas that Fyne's drivers have.
func (c *Canvas) SetDirty() { c.Asked++ }

// Refresh implements [fyne.Canvas].
func (c *Canvas) Refresh(fyne.CanvasObject) { c.Asked++ }

// App is an app all of whose objects are on one counted canvas.
type App struct {
	fyne.App
	On *Canvas
}

// Driver implements [fyne.App].
func (a App) Driver() fyne.Driver { return driver{a.App.Driver(), a.On} }

type driver struct {
	fyne.Driver
	on *Canvas
}

// CanvasForObject implements [fyne.Driver].
func (d driver) CanvasForObject(fyne.CanvasObject) fyne.Canvas { return d.on }
