package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"keyfob/auth"
	"keyfob/auth/wording"
)

// notice says above the tools why the settings cannot be read. Without it a
// change of them would just not come, since the engine goes on with what it read
// last.
type notice struct {
	wrong *widget.Label
	box   *fyne.Container
}

func newNotice(width func() float32, open, esc func()) *notice {
	n := &notice{wrong: label("", widget.DangerImportance)}
	fix := newButton("Open settings file", widget.MediumImportance, open, esc, func(*button) {})
	n.box = container.NewVBox(container.New(prose(width), n.wrong), container.NewHBox(fix.object()), widget.NewSeparator())
	n.box.Hide()
	return n
}

// noticeOf is what it says; nothing where nothing is wrong.
func noticeOf(trouble *auth.Error) string {
	if trouble == nil {
		return ""
	}
	return wording.Explain(trouble) + " Until then Keyfob uses the settings that it read last."
}

func (n *notice) show(trouble *auth.Error) {
	text := noticeOf(trouble)
	if n.wrong.Text == text {
		return
	}
	n.wrong.SetText(text)
	n.box.Hidden = text == ""
	n.box.Refresh()
}
