package window

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/assets"
)

// The words of the page without tools.
const (
	noToolsYet  = "No tools yet"
	whatIsATool = "A tool is what you sign in to: ThingWorx, ThingPark, ioTORQ, an API of your plant. " +
		"Add the first one, and Keyfob signs you in with your company's account, keeps you signed in, and says in time when that ends."
	whatYouNeed = "You need the address of your company's sign-in page and a client ID. Whoever looks after the tool has both, or a file sso-settings.json that holds them."
)

// emptyWidth is the width of the text there.
const emptyWidth = 420

// nothing is what the page shows while there are no tools.
func (t *tools) nothing() fyne.CanvasObject {
	t.add = newButton("Add a tool…", widget.HighImportance, func() { t.env.open(agent.PageAdd) }, t.env.esc, func(*button) {})
	settings := newButton("Settings…", widget.LowImportance, func() { t.env.open(agent.PageSettings) }, t.env.esc, func(*button) {})
	mark := canvas.NewImageFromResource(fyne.NewStaticResource("keyfob.png", assets.Program()))
	mark.FillMode = canvas.ImageFillContain
	mark.SetMinSize(fyne.NewSquareSize(60))
	head := label(noToolsYet, widget.MediumImportance)
	head.TextStyle.Bold, head.SizeName, head.Alignment = true, theme.SizeNameHeadingText, fyne.TextAlignCenter
	what, need := label(whatIsATool, widget.MediumImportance), label(whatYouNeed, widget.MediumImportance)
	what.Alignment, need.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	big := canvas.NewRectangle(color.Transparent)
	big.SetMinSize(fyne.NewSize(200, 44))
	return container.NewCenter(container.New(column{width: emptyWidth, gap: 12},
		mark, words(emptyWidth, head, what, need),
		container.NewCenter(container.NewStack(big, t.add.object())),
		container.NewCenter(settings.object())))
}
