package widget

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestKeysOfAField(t *testing.T) {
	test.NewTempApp(t)
	var pressed []string
	f := NewField("hint", func() { pressed = append(pressed, "enter") }, func() { pressed = append(pressed, "esc") })
	w := test.NewTempWindow(t, f)
	w.Canvas().Focus(f)
	test.Type(f, "ab")
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyBackspace, fyne.KeyEnter, fyne.KeyEscape} {
		f.TypedKey(&fyne.KeyEvent{Name: key})
	}
	if f.Text != "a" || !slices.Equal(pressed, []string{"enter", "enter", "esc"}) {
		t.Errorf("the text is %q, pressed were %q", f.Text, pressed)
	}
}
