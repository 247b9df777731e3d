package window

import (
	"context"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// The words of the page without tools.
const (
	noToolsYet  = "No tools yet"
	whatIsATool = "A tool is what you sign in to: ThingWorx, ThingPark, ioTORQ, an API of your plant. " +
		"Add the first one, and Keyfob signs you in with your company's account, keeps you signed in, and says in time when that ends."
	whatYouNeed = "You need the address of your company's sign-in page and a client ID. " +
		"Whoever looks after the tool has both, or a file sso-settings.json that holds them."
)

// emptyWidth is the width of the text there.
const emptyWidth = 420

// emptyView is what the page says in the place of the list. problem is why the
// settings cannot be read, in which there may well be tools, or nil.
func emptyView(problem *auth.Error) (head, action string, says []string) {
	if problem != nil {
		return "The settings cannot be used", "Open settings file", []string{
			wording.Explain(problem),
			"Keyfob goes on by itself once the file is saved.",
		}
	}
	return noToolsYet, "Add a tool…", []string{whatIsATool, whatYouNeed}
}

// nothing is what the page shows while there are no tools.
func (t *toolsPage) nothing() fyne.CanvasObject {
	head, action, says := emptyView(t.problem)
	do := func() { t.env.open(agent.PageAdd) }
	if t.problem != nil {
		do = t.openFile
	}
	t.action = widget.NewButton(action, widget.Primary, do, t.env.esc)
	settings := widget.NewButton("Settings…", widget.Quiet, func() { t.env.open(agent.PageSettings) }, t.env.esc)
	lines := []fyne.CanvasObject{widget.Title(head)}
	for _, s := range says {
		lines = append(lines, widget.Centred(s))
	}
	big := canvas.NewRectangle(color.Transparent)
	big.SetMinSize(fyne.NewSize(200, 44))
	return container.NewCenter(widget.FixedColumn(emptyWidth, 12,
		widget.Picture(fyne.NewStaticResource("keyfob.png", assets.Program()), 60), widget.FixedProse(emptyWidth, lines...),
		container.NewCenter(container.NewStack(big, t.action.Object())),
		container.NewCenter(settings.Object())))
}

// checkSettings asks whether there are no tools because the settings cannot be read.
func (t *toolsPage) checkSettings() {
	var p form.Preferences
	t.env.start(func(ctx context.Context) (err error) {
		p, err = t.env.engine.Preferences(ctx)
		return err
	}, func(err error) {
		if err != nil || p.Problem == nil && t.problem == nil ||
			p.Problem != nil && t.problem != nil && p.Problem.Error() == t.problem.Error() {
			return
		}
		t.problem, t.none = p.Problem, nil
		t.draw(false)
		if len(t.snaps) == 0 {
			t.env.focus(t.action)
		}
	})
}

func (t *toolsPage) openFile() {
	t.env.start(func(ctx context.Context) error {
		_, err := t.env.engine.Change(ctx, form.Change{OpenFile: true})
		return err
	}, func(err error) {
		if err != nil {
			t.problem, t.none = auth.AsError(err), nil
			t.draw(false)
		}
	})
}
