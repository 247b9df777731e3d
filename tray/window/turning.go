package window

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	turnTakes = 2 * time.Second
	turnSteps = 8 // in which a turn is drawn
)

// turning shows that something is under way, as Fyne's own activity does, but
// in steps: that one has the whole window drawn sixty times a second, which
// takes a tenth of a processor for as long as a person is in the browser.
type turning struct {
	widget.BaseWidget
	anim    *fyne.Animation
	started bool
	dots    [3]*canvas.Circle
	step    int
}

func newTurning() *turning {
	t := &turning{step: -1}
	for i := range t.dots {
		t.dots[i] = canvas.NewCircle(color.Transparent)
	}
	t.anim = &fyne.Animation{Duration: turnTakes, RepeatCount: fyne.AnimationRepeatForever, Curve: fyne.AnimationLinear, Tick: t.tick}
	t.ExtendBaseWidget(t)
	return t
}

// Start begins to turn.
func (t *turning) Start() {
	if !t.started {
		t.started = true
		t.anim.Start()
	}
}

// Stop ends it.
func (t *turning) Stop() {
	if t.started {
		t.started = false
		t.anim.Stop()
	}
}

// tick draws the next step when its time has come.
func (t *turning) tick(done float32) {
	if step := int(done*turnSteps) % turnSteps; step != t.step {
		t.step = step
		t.Refresh()
	}
}

// CreateRenderer implements [fyne.Widget].
func (t *turning) CreateRenderer() fyne.WidgetRenderer { return &turningRenderer{t} }

type turningRenderer struct{ *turning }

func (r *turningRenderer) Destroy() { r.Stop() }

func (r *turningRenderer) MinSize() fyne.Size {
	return fyne.NewSquareSize(theme.Size(theme.SizeNameInlineIcon))
}

func (r *turningRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.dots[0], r.dots[1], r.dots[2]}
}

// Layout places the dots around each other: each grows as it fades, a part of a
// turn behind the one before.
func (r *turningRenderer) Layout(size fyne.Size) {
	most := min(size.Width, size.Height) / 2
	for i, dot := range r.dots {
		strong := r.strength(i)
		radius := most - most*strong/1.2
		put(dot, fyne.NewPos(size.Width/2-radius, size.Height/2-radius), fyne.NewSquareSize(2*radius))
	}
}

// strength is how far a dot has come in, from 0 to 1.
func (t *turning) strength(dot int) float32 {
	part := float32(max(t.step, 0))/turnSteps + [3]float32{0, 0.25, 0.75}[dot]
	if part >= 1 {
		part--
	}
	if part *= 2; part > 1 {
		return 2 - part
	}
	return part
}

func (r *turningRenderer) Refresh() {
	red, green, blue, alpha := theme.Color(theme.ColorNameForeground).RGBA()
	for i, dot := range r.dots {
		dot.FillColor = color.NRGBA{
			R: uint8(red >> 8),
			G: uint8(green >> 8),
			B: uint8(blue >> 8),
			A: uint8(float32(alpha>>8) * r.strength(i)),
		}
	}
	r.Layout(r.Size())
	canvas.Refresh(r.turning)
}
