package widget

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"keyfob/auth"
)

// TestASecretFitsItsField shows secrets of the usual and of the greatest length:
// every line fits, and none is shorter than it has to be.
func TestASecretFitsItsField(t *testing.T) {
	win := test.NewTempApp(t).NewWindow("")
	for _, length := range []int{1, 60, 2000, 64 << 10} {
		f := NewSecretField(auth.Secret(strings.Repeat("W", length)), func() {}, func() {})
		win.SetContent(f)
		for _, width := range []float32{440, 1200, 720} {
			win.Resize(fyne.NewSize(width, 520))
			lines := strings.Split(f.Text, "\n")
			inner := f.Size().Width - 2*theme.InnerPadding()
			most := fyne.MeasureText(strings.Repeat("W", f.columns), theme.TextSize(), f.TextStyle).Width
			if most > inner || most < inner-30 {
				t.Errorf("lines are %v wide in a field that is %v wide inside", most, inner)
			}
			if got := strings.Join(lines, ""); len(got) != length || len(lines) != (length+f.columns-1)/f.columns {
				t.Errorf("%d characters became %d in %d lines", length, len(got), len(lines))
			}
		}
		if f.Forget(); f.Text != "" || f.secret != "" {
			t.Error("the secret is still in the field")
		}
	}
}
