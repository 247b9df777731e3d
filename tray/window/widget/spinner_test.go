package widget

import (
	"testing"

	"keyfob/tray/window/widget/drawtest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestASpinnerIsDrawnInSteps counts how often once around has the window drawn,
// which Fyne's driver offers sixty times a second.
func TestASpinnerIsDrawnInSteps(t *testing.T) {
	app := test.NewTempApp(t)
	s := NewSpinner()
	s.Show()
	win := app.NewWindow("")
	win.SetContent(s)
	win.Resize(fyne.NewSize(40, 40))
	on := &drawtest.Canvas{Canvas: win.Canvas()}
	fyne.SetCurrentApp(drawtest.App{App: app, On: on})
	defer fyne.SetCurrentApp(app)
	shapes, drawn := map[fyne.Size]bool{}, 0
	for i := range 120 {
		before := on.Asked
		s.tick(float32(i) / 120)
		shapes[s.dots[0].Size()] = true
		if on.Asked > before {
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
