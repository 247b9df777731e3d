package window

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"keyfob/app/agent"
	"keyfob/app/check/report"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/tray/window/widget"
)

// TestAddLayout measures the pages at several sizes of window and text: nothing
// is narrower than it needs, nothing leaves its column, and what has the focus
// is in sight.
func TestAddLayout(t *testing.T) {
	for _, scale := range []float32{1, 1.5, 2} {
		for _, size := range []fyne.Size{{Width: 600, Height: 400}, {Width: frameWidth, Height: frameHeight}, {Width: 1200, Height: 900}} {
			for _, key := range []string{agent.PageAdd, "add/entra", agent.PageImport} {
				o := newSetupWindow(t)
				o.file = func(form.ImportRequest) (form.ImportResult, error) {
					return form.ImportResult{
						Entries: []form.ImportEntry{
							{Name: "AzureAd", Tool: "azuread", Title: "ThingWorx", Secret: form.SecretLeft, Remarks: []form.Remark{
								{Code: form.RemarkUnknownKey, Key: strings.Repeat("a long sentence ", 20)},
							}},
						},
					}, nil
				}
				o.check = func(context.Context, form.Draft) (form.Judgement, error) {
					return form.Judgement{
						Verdict: "degraded",
						Because: []string{strings.Repeat("a long clause ", 9)},
						Rows:    []report.Row{{Name: "TLS", Need: "noted", Result: "failed", Text: strings.Repeat("long words ", 9)}},
					}, nil
				}
				o.win.Canvas().(interface{ SetScale(float32) }).SetScale(scale)
				o.open(key)
				o.settle()
				o.win.Resize(size)
				switch page := o.top().page.(type) {
				case *importPage:
					o.typeIn("/x")
					o.press(fyne.KeyReturn)
				case *addPage:
					if page.form != nil {
						page.check()
						o.settle()
						page.showFaults([]form.Fault{{Key: "tenant", Err: &auth.Error{What: strings.Repeat("this is needed. ", 9)}}})
					}
				}
				inset, _ := o.win.Canvas().InteractiveArea()
				for _, w := range test.LaidOutObjects(o.win.Content()) {
					l, ok := w.(*widget.Label)
					if !ok || !l.Visible() || l.Truncation != fyne.TextTruncateOff {
						continue
					}
					at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l).Subtract(inset)
					if min := l.MinSize(); l.Size().Height+0.5 < min.Height || at.X < 0 ||
						at.X+l.Size().Width > o.win.Canvas().Size().Width {
						t.Errorf("%s at %v, scale %v: %q has %v of %v at %v", key, size, scale, l.Text, l.Size(), min, at)
					}
				}
				for range 25 {
					o.win.Canvas().FocusNext()
					w, ok := o.win.Canvas().Focused().(fyne.CanvasObject)
					if !ok {
						continue
					}
					at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w)
					if at.Y < 0 || at.Y+w.Size().Height > o.win.Canvas().Size().Height {
						t.Errorf("%s at %v, scale %v: the focus %q is at %v, out of sight", key, size, scale, o.focus(), at)
					}
				}
			}
		}
	}
}
