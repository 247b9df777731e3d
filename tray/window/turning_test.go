package window

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestWhatTurnsIsDrawnInSteps counts how often one turn has the window drawn,
// which Fyne's driver offers sixty times a second.
func TestWhatTurnsIsDrawnInSteps(t *testing.T) {
	app := test.NewTempApp(t)
	turns := newTurning()
	win := app.NewWindow("")
	win.SetContent(turns)
	win.Resize(fyne.NewSize(40, 40))
	on := &drawings{Canvas: win.Canvas()}
	fyne.SetCurrentApp(drawingApp{app, on})
	defer fyne.SetCurrentApp(app)
	shapes, drawn := map[fyne.Size]bool{}, 0
	for i := range 120 {
		before := on.asked
		turns.tick(float32(i) / 120)
		shapes[turns.dots[0].Size()] = true
		if on.asked > before {
			drawn++
		}
	}
	if drawn != turnSteps || len(shapes) < turnSteps/2 {
		t.Errorf("drawn %d times in %d shapes", drawn, len(shapes))
	}
}

// TestNothingTurnsBehindTheScene signs in, after which what turned is gone.
func TestNothingTurnsBehindTheScene(t *testing.T) {
	d := newDesk(t, plant, park)
	test.Tap(d.a.prompt.buttons["plant"])
	turned := d.a.prompt.turning
	if len(turned) != 1 || !turned[0].started {
		t.Fatalf("%d turn", len(turned))
	}
	d.answer()
	if turned[0].started || len(d.a.prompt.turning) != 0 {
		t.Error("it turns on")
	}
}
