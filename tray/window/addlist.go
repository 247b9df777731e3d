package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
)

// addChoice is one of the ways to add a tool.
type addChoice struct {
	Page  string // the page that it opens
	Name  string
	Known string // how people recognise it
}

// The words above the choices.
const (
	addQuestion = "Where do you type your password for this tool?"
	addAdvice   = "The address of that page tells. If you do not know, ask whoever runs the tool."
)

// addChoices are the ways to add a tool.
func addChoices(all []agent.Preset) []addChoice {
	var out []addChoice
	for _, p := range all {
		out = append(out, addChoice{Page: agent.PageAdd + "/" + p.ID, Name: plain(p.Name, 60), Known: plain(p.Known, 120)})
	}
	return append(out, addChoice{Page: agent.PageImport, Name: "As ThingWorx does", Known: "import its sso-settings.json or platform-settings.json"})
}

// nameWidth is the room for the names of the choices.
const nameWidth = 220

// choose draws the choices.
func (a *adding) choose(all []agent.Preset) {
	a.choices = nil
	var rows []fyne.CanvasObject
	list := container.NewVScroll(container.NewVBox())
	for i, c := range addChoices(all) {
		b := newButton(c.Name, widget.LowImportance, func() { a.env.open(c.Page) }, a.env.esc, func(b *button) { reveal(list, b) })
		b.Alignment = widget.ButtonAlignLeading
		b.onMove = func(by int) {
			if n := i + by; n >= 0 && n < len(a.choices) {
				a.env.focus(a.choices[n])
			}
		}
		a.choices = append(a.choices, b)
		known := widget.NewLabel(c.Known)
		known.Truncation = fyne.TextTruncateEllipsis
		rows = append(rows, container.NewStack(b.object(), container.New(layout.NewCustomPaddedLayout(0, 0, nameWidth, 0), known)))
	}
	list.Content = container.New(upright{width: width(list)}, rows...)
	across := func() float32 { return max(a.box.Size().Width, 100) }
	head := container.New(upright{width: across, gap: 6, cut: theme.InnerPadding()}, heading(addQuestion), label(addAdvice, widget.MediumImportance), widget.NewLabel(""))
	a.box.Objects = []fyne.CanvasObject{container.NewBorder(head, nil, nil, nil, list)}
	a.box.Refresh()
	a.env.draw()
}
