package window

import (
	"context"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/wording"
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

// emptyView is what the page says in the place of the list. trouble is why the
// settings cannot be read, in which there may well be tools, or nil.
func emptyView(trouble *auth.Error) (head, action string, says []string) {
	if trouble != nil {
		return "The settings cannot be used", "Open settings file", []string{
			wording.Explain(trouble),
			"Keyfob goes on by itself once the file is saved.",
		}
	}
	return noToolsYet, "Add a tool…", []string{whatIsATool, whatYouNeed}
}

// nothing is what the page shows while there are no tools.
func (t *tools) nothing() fyne.CanvasObject {
	head, action, says := emptyView(t.trouble)
	do := func() { t.env.open(agent.PageAdd) }
	if t.trouble != nil {
		do = t.openFile
	}
	t.add = newButton(action, widget.HighImportance, do, t.env.esc, func(*button) {})
	settings := newButton("Settings…", widget.LowImportance, func() { t.env.open(agent.PageSettings) }, t.env.esc, func(*button) {})
	mark := canvas.NewImageFromResource(fyne.NewStaticResource("keyfob.png", assets.Program()))
	mark.FillMode = canvas.ImageFillContain
	mark.SetMinSize(fyne.NewSquareSize(60))
	title := label(head, widget.MediumImportance)
	title.TextStyle.Bold, title.SizeName, title.Alignment = true, theme.SizeNameHeadingText, fyne.TextAlignCenter
	lines := []fyne.CanvasObject{title}
	for _, s := range says {
		l := label(s, widget.MediumImportance)
		l.Alignment = fyne.TextAlignCenter
		lines = append(lines, l)
	}
	big := canvas.NewRectangle(color.Transparent)
	big.SetMinSize(fyne.NewSize(200, 44))
	return container.NewCenter(container.New(column{width: emptyWidth, gap: 12},
		mark, words(emptyWidth, lines...),
		container.NewCenter(container.NewStack(big, t.add.object())),
		container.NewCenter(settings.object())))
}

// look asks whether there are no tools because the settings cannot be read.
func (t *tools) look() {
	var p agent.Preferences
	t.env.start(func(ctx context.Context) (err error) {
		p, err = t.env.engine.Preferences(ctx)
		return err
	}, func(err error) {
		if err != nil || p.Problem == nil && t.trouble == nil ||
			p.Problem != nil && t.trouble != nil && p.Problem.Error() == t.trouble.Error() {
			return
		}
		t.trouble, t.none = p.Problem, nil
		t.draw(false)
		if len(t.snaps) == 0 {
			t.env.focus(t.add)
		}
	})
}

func (t *tools) openFile() {
	t.env.start(func(ctx context.Context) error {
		_, err := t.env.engine.Change(ctx, form.Change{OpenFile: true})
		return err
	}, func(err error) {
		if err != nil {
			t.trouble, t.none = auth.AsError(err), nil
			t.draw(false)
		}
	})
}
