package window

import (
	"context"
	"image/color"
	"maps"
	"net/url"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
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
	addAdvice   = "Paste the address of that page from your browser, or choose below. If you do not know, ask whoever looks after the tool."
	addExample  = "https://login.microsoftonline.com/…"
)

// addChoices are the ways to add a tool.
func addChoices(all []form.Preset) []addChoice {
	out := []addChoice{
		{
			Page:  agent.PageImport,
			Name:  "ThingWorx's own settings",
			Known: "sso-settings.json or platform-settings.json; holds all that is needed",
		},
	}
	for _, p := range all {
		out = append(out, addChoice{Page: agent.PageAdd + "/" + p.ID, Name: auth.Line(p.Name, 60), Known: auth.Line(p.Known, 120)})
	}
	return out
}

// nameWidth is the room for the names of the choices.
const nameWidth = 220

// choose draws the choices.
func (a *addPage) choose(all []form.Preset) {
	a.choices = nil
	a.address = widget.NewField(addExample, a.recognise, a.env.esc)
	a.address.OnKey = func(ev *fyne.KeyEvent) bool {
		if ev.Name == fyne.KeyDown {
			a.env.focus(a.choices[0])
		}
		return ev.Name == fyne.KeyDown
	}
	a.address.OnChanged = func(string) { a.showAddressFault("") }
	a.noAddress = widget.Problem("")
	a.noAddress.Hide()
	next := widget.NewButton("Go on", widget.Normal, a.recognise, a.env.esc)
	var rows []fyne.CanvasObject
	list := container.NewVScroll(container.NewVBox())
	for i, c := range addChoices(all) {
		b := widget.NewButton(c.Name, widget.Quiet, func() { a.env.open(c.Page) }, a.env.esc)
		b.OnFocus = func(b *widget.Button) { widget.Reveal(list, b, revealMargin) }
		b.Alignment = widget.Leading
		b.OnMove = func(by int) {
			switch n := i + by; {
			case n < 0:
				a.env.focus(a.address)
			case n < len(a.choices):
				a.env.focus(a.choices[n])
			}
		}
		a.choices = append(a.choices, b)
		known := widget.CutLine(c.Known)
		rows = append(rows, container.NewStack(b.Object(), container.New(layout.NewCustomPaddedLayout(0, 0, nameWidth, 0), known)))
	}
	list.Content = widget.Column(widget.InScroll(list), 0, rows...)
	across := func() float32 { return max(a.box.Size().Width, 100) }
	head := widget.Column(across, 10,
		widget.Prose(across, 6, widget.Heading(addQuestion), widget.Text(addAdvice)),
		container.NewBorder(nil, nil, nil, next.Object(), a.address),
		widget.Prose(across, 0, a.noAddress),
	)
	gap := canvas.NewRectangle(color.Transparent)
	gap.SetMinSize(fyne.NewSize(0, 8))
	a.box.Objects = []fyne.CanvasObject{container.NewBorder(container.NewVBox(head, gap), nil, nil, nil, list)}
	a.box.Refresh()
	a.env.draw()
}

// recognise has the engine say whose page the address is of, and goes on to the
// form for that.
func (a *addPage) recognise() {
	address := a.address.Text
	var draft form.Draft
	a.env.start(func(ctx context.Context) (err error) {
		draft, err = a.env.engine.Recognise(ctx, address)
		return err
	}, func(err error) {
		if err != nil {
			a.showAddressFault(wording.Explain(auth.AsError(err)))
			a.env.focus(a.address)
			return
		}
		a.showAddressFault("")
		a.env.open(formPage(draft))
	})
}

// showAddressFault says what is wrong with the address.
func (a *addPage) showAddressFault(text string) {
	if widget.SetOrHide(a.noAddress, text) {
		a.box.Refresh()
	}
}

// formPage is the key of the form for a draft, which is filled in already.
func formPage(d form.Draft) string {
	key := agent.PageAdd + "/" + d.Provider
	sign := "?"
	for _, name := range slices.Sorted(maps.Keys(d.Values)) {
		key += sign + url.QueryEscape(name) + "=" + url.QueryEscape(d.Values[name])
		sign = "&"
	}
	return key
}

// formOf takes a key's second part apart: the preset, and what is filled in.
func formOf(key string) (preset string, values map[string]string) {
	preset, rest, _ := strings.Cut(key, "?")
	values = map[string]string{}
	query, _ := url.ParseQuery(rest)
	for name, v := range query {
		values[name] = v[0]
	}
	return preset, values
}
