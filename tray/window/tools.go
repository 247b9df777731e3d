package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/auth/session"
)

// allPages makes the pages of the window.
func allPages() pages {
	return pages{agent.PageTools: newTools}
}

// tools is the list of all tools.
type tools struct {
	env env
	box *fyne.Container
}

func newTools(e env, _ string) page { return &tools{env: e, box: container.NewVBox()} }

func (t *tools) title() string             { return "" }
func (t *tools) object() fyne.CanvasObject { return t.box }
func (t *tools) first() fyne.Focusable     { return nil }
func (t *tools) esc() bool                 { return false }
func (t *tools) left()                     {}

func (t *tools) update(snaps []session.Snapshot) {
	t.box.RemoveAll()
	for _, s := range snaps {
		t.box.Add(widget.NewLabel(plain(s.Name, 60) + " · " + s.Words(t.env.now())))
	}
}
