package window

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"keyfob/app/setup/form"
	"keyfob/tray/window/widget"
)

// addActions are what the form's fields and buttons do.
type addActions struct {
	typed               func(key, value string)
	check, save, copied func()
	enter               func() // in a field
	esc                 func()
}

// addForm draws an addModel. The fields stay the same while what is around them
// changes, so that nobody loses the place where they type.
type addForm struct {
	object  fyne.CanvasObject
	on      addActions
	model   addModel
	entries map[string]*widget.Field
	fields  map[string]*addFieldLabels
	order   []string
	wrong   *widget.Label
	typing  *container.Scroll // the fields
	advice  *container.Scroll // beside them
	copy    *widget.Button
	copied  *widget.Label // below the Copy button
	spinner *widget.Spinner
	status  *widget.Label
	check   *widget.Button
	save    *widget.Button
}

// addFieldLabels are what changes about a field.
type addFieldLabels struct {
	note, fault *widget.Label
}

func newAddForm(p form.Preset, values map[string]string, on addActions) *addForm {
	f := &addForm{
		on: on, entries: map[string]*widget.Field{}, fields: map[string]*addFieldLabels{},
		typing: container.NewVScroll(nil), advice: container.NewVScroll(nil),
		wrong: widget.Problem(""), copied: widget.Text(""),
		copy:    widget.NewButton("Copy", widget.Normal, on.copied, on.esc),
		check:   widget.NewButton("Check", widget.Normal, on.check, on.esc),
		save:    widget.NewButton("Save", widget.Primary, on.save, on.esc),
		spinner: widget.NewSpinner(), status: widget.CutLine(""),
	}
	f.copy.OnFocus = func(b *widget.Button) { widget.Reveal(f.advice, b, revealMargin) }
	m := addView(&addState{preset: p, values: values})
	parts := []fyne.CanvasObject{prose(f.typing, f.wrong)}
	for _, field := range m.Fields {
		parts = append(parts, f.field(field, values[field.Key]))
	}
	f.typing.Content = widget.Column(widget.InScroll(f.typing), 12, parts...)
	f.advice.Content = widget.Column(widget.InScroll(f.advice), 10)
	foot := container.NewBorder(nil, nil, f.spinner, widget.ButtonRow(f.check, f.save), f.status)
	f.object = container.NewBorder(nil, foot, nil, nil, widget.TwoColumns(f.typing, f.advice))
	return f
}

// prose is text in a scroll.
func prose(in *container.Scroll, labels ...fyne.CanvasObject) *fyne.Container {
	return widget.Prose(widget.InScroll(in), proseGap, labels...)
}

// field draws a field for the first time.
func (f *addForm) field(m addField, value string) fyne.CanvasObject {
	e := widget.NewField(m.Example, f.on.enter, f.on.esc)
	e.Password = m.Secret
	e.Text = value
	e.OnChanged = func(s string) { f.on.typed(m.Key, s) }
	e.OnFocus = func(e *widget.Field) { widget.Reveal(f.typing, e, revealMargin) }
	f.entries[m.Key] = e
	f.order = append(f.order, m.Key)
	v := &addFieldLabels{note: widget.Small(""), fault: widget.Problem("")}
	f.fields[m.Key] = v
	hint := widget.Small(m.Hint)
	hint.Wrapping, hint.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	head := prose(f.typing, container.NewBorder(nil, nil, widget.BoldLine(m.Label), nil, hint))
	parts := []fyne.CanvasObject{head, e, prose(f.typing, v.note), prose(f.typing, v.fault)}
	if m.Begins != "" {
		begins := []fyne.CanvasObject{
			widget.Separator(), prose(f.typing, widget.Text(m.Begins)), canvas.NewRectangle(color.Transparent),
		}
		parts = append(begins, parts...)
	}
	return widget.Column(widget.InScroll(f.typing), 4, parts...)
}

func (f *addForm) first() fyne.Focusable {
	if len(f.order) == 0 {
		return nil
	}
	return f.entries[f.order[0]]
}

// show draws m, as far as it differs from what is drawn.
func (f *addForm) show(m addModel) {
	before := f.model
	f.model = m
	changed := widget.SetOrHide(f.wrong, m.Wrong)
	for _, field := range m.Fields {
		v := f.fields[field.Key]
		changed = widget.SetOrHide(v.note, field.Note) || changed
		changed = widget.SetOrHide(v.fault, field.Fault) || changed
	}
	if changed {
		f.typing.Content.Refresh()
		f.typing.Refresh()
	}
	if !before.Check.Equal(m.Check) || !slices.Equal(before.Redirects, m.Redirects) || before.Register == "" {
		f.advice.Content.(*fyne.Container).Objects = f.advise()
		f.refreshAdvice()
	}
	f.status.SetText(m.Status)
	f.spinner.Spin(m.Busy)
	f.check.SetText(m.CheckWord)
	f.save.SetText(m.SaveWord)
}

// toTop shows the beginning of what the check found.
func (f *addForm) toTop() { f.advice.ScrollToTop() }

// report tells what became of copying.
func (f *addForm) report(s string) {
	widget.SetOrHide(f.copied, s)
	f.refreshAdvice()
}

func (f *addForm) refreshAdvice() {
	f.advice.Content.Refresh()
	f.advice.Refresh()
}

// advise is the column beside the fields: how the provider fits, once that is
// known, and what is to be set up there.
func (f *addForm) advise() (parts []fyne.CanvasObject) {
	m, width := f.model, widget.InScroll(f.advice)
	if c := m.Check; c != nil {
		parts = append(parts, widget.Marked(width, c.Mark, 20, widget.Bold(c.Verdict)))
		if c.More != "" {
			parts = append(parts, prose(f.advice, widget.Text(c.More)))
		}
		for _, r := range c.Rows {
			parts = append(parts, widget.Marked(width, r.Mark, 16, widget.Text(r.Name+": "+r.Text)))
		}
		parts = append(parts, widget.Separator())
	}
	parts = append(parts, prose(f.advice, widget.Bold(m.Register)))
	if len(m.Redirects) > 0 {
		parts = append(parts, prose(f.advice, widget.Text(redirectWords(len(m.Redirects)))))
		var all []fyne.CanvasObject
		for _, r := range m.Redirects {
			l := widget.Text(r)
			l.TextStyle.Monospace = true
			l.Wrapping = fyne.TextWrapBreak
			all = append(all, l)
		}
		widget.SetOrHide(f.copied, f.copied.Text)
		parts = append(parts, prose(f.advice, all...), container.NewHBox(f.copy.Object()), prose(f.advice, f.copied))
	}
	for _, n := range m.Notes {
		parts = append(parts, widget.Marked(width, widget.MarkNote, 16, widget.Text(n)))
	}
	return parts
}

func redirectWords(n int) string {
	if n == 1 {
		return "Redirect URI:"
	}
	return "Redirect URIs, each of them:"
}
