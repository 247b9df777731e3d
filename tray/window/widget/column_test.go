package widget

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// TestAColumnKnowsItsHeightAhead asks for the height of wrapped text before it
// was laid out, at widths that come and go, and leaves no gap for what is hidden.
func TestAColumnKnowsItsHeightAhead(t *testing.T) {
	test.NewTempApp(t)
	width := float32(0)
	text, hidden := Text(strings.Repeat("words that wrap ", 20)), Text("")
	hidden.Hide()
	of := func() float32 { return width }
	column := Column(of, 10, Prose(of, 4, Bold("Name"), text), Prose(of, 4, hidden), Text("more"))
	var last float32
	for _, w := range []float32{800, 300, 150, 300} {
		width = w
		ahead := column.MinSize()
		column.Resize(fyne.NewSize(w, ahead.Height))
		if laid := column.MinSize(); laid != ahead || ahead.Width != 0 {
			t.Errorf("at %v: %v ahead, %v then", w, ahead, laid)
		}
		if ahead.Height == last {
			t.Errorf("at %v it is as high as before", w)
		}
		last = ahead.Height
		end := column.Objects[2].Position().Y + column.Objects[2].Size().Height
		if text.MinSize().Height > text.Size().Height+1 || end > ahead.Height+1 {
			t.Errorf("at %v the text is cut off", w)
		}
	}
	without := Column(of, 10, column.Objects[0], column.Objects[2])
	if without.MinSize() != column.MinSize() {
		t.Error("what is hidden takes room")
	}
	if fixed := FixedColumn(200, 10, Text("a"), container.NewStack()).MinSize(); fixed.Width != 200 {
		t.Errorf("a fixed column is %v", fixed)
	}
}
