package widget

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// drawings counts what makes Fyne draw a window anew.
type drawings struct {
	fyne.Canvas
	asked int
}

func (d *drawings) SetDirty()                 { d.asked++ }
func (d *drawings) Refresh(fyne.CanvasObject) { d.asked++ }

// drawingApp is an app all of whose objects are on one counted canvas.
type drawingApp struct {
	fyne.App
	on *drawings
}

type drawingDriver struct {
	fyne.Driver
	on *drawings
}

func (a drawingApp) Driver() fyne.Driver { return drawingDriver{a.App.Driver(), a.on} }

func (d drawingDriver) CanvasForObject(fyne.CanvasObject) fyne.Canvas { return d.on }

// TestASpinnerIsDrawnInSteps counts how often once around has the window drawn,
// which Fyne's driver offers sixty times a second.
func TestASpinnerIsDrawnInSteps(t *testing.T) {
	app := test.NewTempApp(t)
	s := NewSpinner()
	s.Show()
	win := app.NewWindow("")
	win.SetContent(s)
	win.Resize(fyne.NewSize(40, 40))
	on := &drawings{Canvas: win.Canvas()}
	fyne.SetCurrentApp(drawingApp{app, on})
	defer fyne.SetCurrentApp(app)
	shapes, drawn := map[fyne.Size]bool{}, 0
	for i := range 120 {
		before := on.asked
		s.tick(float32(i) / 120)
		shapes[s.dots[0].Size()] = true
		if on.asked > before {
			drawn++
		}
	}
	if drawn != spinSteps || len(shapes) < spinSteps/2 {
		t.Errorf("drawn %d times in %d shapes", drawn, len(shapes))
	}
}

// TestASpinnerThatStoppedIsGone holds what pages rely on: one that is out of
// sight does not spin.
func TestASpinnerThatStoppedIsGone(t *testing.T) {
	test.NewTempApp(t)
	s := NewSpinner()
	for _, on := range []bool{true, true, false, false, true} {
		if s.Spin(on); s.Visible() != on || s.spins != on {
			t.Errorf("told to spin %v: visible %v, spins %v", on, s.Visible(), s.spins)
		}
	}
}
