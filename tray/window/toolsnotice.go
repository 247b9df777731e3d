package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"keyfob/auth"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// notice says above the tools why the settings cannot be read. Without it a
// change of them would just not come, since the engine goes on with what it read
// last.
type notice struct {
	text *widget.Label
	box  *fyne.Container
}

func newNotice(width func() float32, open, esc func()) *notice {
	n := &notice{text: widget.Problem("")}
	fix := widget.NewButton("Open settings file", widget.Normal, open, esc)
	n.box = container.NewVBox(widget.Prose(width, proseGap, n.text), container.NewHBox(fix.Object()), widget.Separator())
	n.box.Hide()
	return n
}

// noticeText is what it says; nothing where nothing is wrong.
func noticeText(problem *auth.Error) string {
	if problem == nil {
		return ""
	}
	return wording.Explain(problem) + " Until then Keyfob uses the settings that it read last."
}

func (n *notice) show(problem *auth.Error) {
	text := noticeText(problem)
	if widget.SetText(n.text, text) {
		n.box.Hidden = text == ""
		n.box.Refresh()
	}
}
