package widget

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	spinTakes = 2 * time.Second // once around
	spinSteps = 8               // in which that is drawn
)

// Spinner shows that something is under way, as Fyne's own activity does, but
// in steps: that one has the whole window drawn sixty times a second, which
// takes a tenth of a processor for as long as a person is in the browser.
type Spinner struct {
	widget.BaseWidget
	anim  *fyne.Animation
	spins bool
	dots  [3]*canvas.Circle
	step  int
}

// NewSpinner makes a spinner that is out of sight.
func NewSpinner() *Spinner {
	s := &Spinner{step: -1}
	for i := range s.dots {
		s.dots[i] = canvas.NewCircle(color.Transparent)
	}
	s.anim = &fyne.Animation{Duration: spinTakes, RepeatCount: fyne.AnimationRepeatForever, Curve: fyne.AnimationLinear, Tick: s.tick}
	s.Hidden = true
	s.ExtendBaseWidget(s)
	return s
}

// Spin shows the spinner and lets it spin, or stops and hides it.
func (s *Spinner) Spin(on bool) {
	if on == s.spins {
		return
	}
	s.Hidden = !on
	if on {
		s.spins = true
		s.anim.Start()
	} else {
		s.stop()
	}
	s.Refresh()
}

func (s *Spinner) stop() {
	if s.spins {
		s.spins = false
		s.anim.Stop()
	}
}

// tick draws the next step when its time has come.
func (s *Spinner) tick(done float32) {
	if step := int(done*spinSteps) % spinSteps; step != s.step {
		s.step = step
		s.Refresh()
	}
}

// CreateRenderer implements [fyne.Widget].
func (s *Spinner) CreateRenderer() fyne.WidgetRenderer { return &spinnerRenderer{s} }

type spinnerRenderer struct{ *Spinner }

func (r *spinnerRenderer) Destroy() { r.stop() }

func (r *spinnerRenderer) MinSize() fyne.Size {
	return fyne.NewSquareSize(theme.Size(theme.SizeNameInlineIcon))
}

func (r *spinnerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.dots[0], r.dots[1], r.dots[2]}
}

// Layout places the dots around each other: each grows as it fades, a part of
// the way behind the one before.
func (r *spinnerRenderer) Layout(size fyne.Size) {
	most := min(size.Width, size.Height) / 2
	for i, dot := range r.dots {
		strong := r.strength(i)
		radius := most - most*strong/1.2
		Place(dot, fyne.NewPos(size.Width/2-radius, size.Height/2-radius), fyne.NewSquareSize(2*radius))
	}
}

// strength is how far a dot has come in, from 0 to 1.
func (s *Spinner) strength(dot int) float32 {
	part := float32(max(s.step, 0))/spinSteps + [3]float32{0, 0.25, 0.75}[dot]
	if part >= 1 {
		part--
	}
	if part *= 2; part > 1 {
		return 2 - part
	}
	return part
}

func (r *spinnerRenderer) Refresh() {
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
	canvas.Refresh(r.Spinner)
}
