package window

import (
	"image/color"
	"reflect"

	"keyfob/app/setup/form"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// addPressed is what the form's fields and buttons do.
type addPressed struct {
	typed               func(key, value string)
	check, save, copied func()
	enter               func() // in a field
	esc                 func()
}

// addForm draws an addModel. The fields stay the same while what is around them
// changes, so that nobody loses the place where they type.
type addForm struct {
	object  fyne.CanvasObject
	on      addPressed
	model   addModel
	entries map[string]*entry
	fields  map[string]*addFieldView
	order   []string
	wrong   *widget.Label
	left    *container.Scroll
	right   *container.Scroll
	copy    *button
	told    *widget.Label // below the Copy button
	turning *turning
	status  *widget.Label
	check   *button
	save    *button
}

// addFieldView is what changes about a field.
type addFieldView struct {
	note, fault *widget.Label
}

func newAddForm(p form.Preset, values map[string]string, on addPressed) *addForm {
	f := &addForm{on: on, entries: map[string]*entry{}, fields: map[string]*addFieldView{}}
	f.left, f.right = container.NewVScroll(nil), container.NewVScroll(nil)
	f.wrong, f.told = label("", widget.DangerImportance), label("", widget.MediumImportance)
	f.check = newButton("Check", widget.MediumImportance, on.check, on.esc, func(*button) {})
	f.save = newButton("Save", widget.HighImportance, on.save, on.esc, func(*button) {})
	f.copy = newButton("Copy", widget.MediumImportance, on.copied, on.esc, func(b *button) { reveal(f.right, b) })
	f.status, f.turning = widget.NewLabel(""), newTurning()
	f.status.Truncation = fyne.TextTruncateEllipsis
	f.turning.Hide()

	m := addView(&addState{preset: p, values: values})
	parts := []fyne.CanvasObject{f.tight(f.left, f.wrong)}
	for _, field := range m.Fields {
		parts = append(parts, f.field(field, values[field.Key]))
	}
	f.left.Content = container.New(upright{width: width(f.left), gap: 12}, parts...)
	f.right.Content = container.New(upright{width: width(f.right), gap: 10})
	foot := container.NewBorder(nil, nil, f.turning, line(f.check.object(), f.save.object()), f.status)
	f.object = container.NewBorder(nil, foot, nil, nil, container.New(halves{}, f.left, widget.NewSeparator(), f.right))
	return f
}

// width is the room for what a scroll holds, beside its bar.
func width(s *container.Scroll) func() float32 {
	return func() float32 { return max(s.Size().Width-scrollBar, 100) }
}

// tight stacks labels as text is set.
func (f *addForm) tight(in *container.Scroll, labels ...fyne.CanvasObject) *fyne.Container {
	return container.New(upright{width: width(in), gap: 4, cut: theme.InnerPadding()}, labels...)
}

// field draws a field for the first time.
func (f *addForm) field(m addField, value string) fyne.CanvasObject {
	e := newEntry(m.Example, f.on.enter, f.on.esc)
	e.Password = m.Secret
	e.Text = value
	e.OnChanged = func(s string) { f.on.typed(m.Key, s) }
	e.onFocus = func(e *entry) { reveal(f.left, e) }
	f.entries[m.Key] = e
	f.order = append(f.order, m.Key)
	v := &addFieldView{note: small(""), fault: label("", widget.DangerImportance)}
	f.fields[m.Key] = v
	hint := small(m.Hint)
	hint.Wrapping, hint.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	name := widget.NewLabel(m.Label)
	name.TextStyle.Bold = true
	head := f.tight(f.left, container.NewBorder(nil, nil, name, nil, hint))
	parts := []fyne.CanvasObject{head, e, f.tight(f.left, v.note), f.tight(f.left, v.fault)}
	if m.Begins != "" {
		parts = append(
			[]fyne.CanvasObject{
				widget.NewSeparator(),
				f.tight(f.left, label(m.Begins, widget.MediumImportance)),
				canvas.NewRectangle(color.Transparent),
			},
			parts...)
	}
	return container.New(upright{width: width(f.left), gap: 4}, parts...)
}

// small is a label beside what matters more.
func small(s string) *widget.Label {
	l := label(s, widget.MediumImportance)
	l.SizeName = theme.SizeNameCaptionText
	return l
}

func (f *addForm) first() fyne.Focusable {
	if len(f.order) == 0 {
		return nil
	}
	return f.entries[f.order[0]]
}

// show draws m, as far as it differs from what is drawn.
func (f *addForm) show(m addModel) {
	old := f.model
	f.model = m
	changed := set(f.wrong, m.Wrong)
	for _, field := range m.Fields {
		v := f.fields[field.Key]
		changed = set(v.note, field.Note) || changed
		changed = set(v.fault, field.Fault) || changed
	}
	if changed {
		f.left.Content.Refresh()
		f.left.Refresh()
	}
	if !reflect.DeepEqual(old.Check, m.Check) || !reflect.DeepEqual(old.Redirects, m.Redirects) || old.Register == "" {
		f.right.Content.(*fyne.Container).Objects = f.beside()
		f.right.Content.Refresh()
		f.right.Refresh()
	}
	f.status.SetText(m.Status)
	if m.Busy != f.turning.Visible() {
		f.turning.Hidden = !m.Busy
		if m.Busy {
			f.turning.Start()
		} else {
			f.turning.Stop()
		}
		f.turning.Refresh()
	}
	f.check.SetText(m.CheckWord)
	f.save.SetText(m.SaveWord)
}

// set changes a label, which is not there while it is empty.
func set(l *widget.Label, s string) (changed bool) {
	if l.Text == s && l.Visible() == (s != "") {
		return false
	}
	l.Hidden = s == ""
	l.SetText(s)
	return true
}

// toTop shows the beginning of what the check found.
func (f *addForm) toTop() { f.right.ScrollToTop() }

// said tells what became of copying.
func (f *addForm) said(s string) {
	set(f.told, s)
	f.right.Content.Refresh()
	f.right.Refresh()
}

// beside is the column beside the fields: how the provider fits, once that is
// known, and what is to be set up there.
func (f *addForm) beside() (parts []fyne.CanvasObject) {
	m := f.model
	if c := m.Check; c != nil {
		parts = append(parts, f.mark(c.Mark, 20, bold(c.Verdict)))
		if c.More != "" {
			parts = append(parts, f.tight(f.right, label(c.More, widget.MediumImportance)))
		}
		for _, r := range c.Rows {
			parts = append(parts, f.mark(r.Mark, 16, label(r.Name+": "+r.Text, widget.MediumImportance)))
		}
		parts = append(parts, widget.NewSeparator())
	}
	parts = append(parts, f.tight(f.right, bold(m.Register)))
	if len(m.Redirects) > 0 {
		parts = append(parts, f.tight(f.right, label(redirectWords(len(m.Redirects)), widget.MediumImportance)))
		var all []fyne.CanvasObject
		for _, r := range m.Redirects {
			l := label(r, widget.MediumImportance)
			l.TextStyle.Monospace = true
			l.Wrapping = fyne.TextWrapBreak
			all = append(all, l)
		}
		set(f.told, f.told.Text)
		parts = append(parts, f.tight(f.right, all...), container.NewHBox(f.copy.object()), f.tight(f.right, f.told))
	}
	for _, n := range m.Notes {
		parts = append(parts, f.mark(markNote, 16, label(n, widget.MediumImportance)))
	}
	return parts
}

func redirectWords(n int) string {
	if n == 1 {
		return "Redirect URI:"
	}
	return "Redirect URIs, each of them:"
}

func bold(s string) *widget.Label {
	l := label(s, widget.MediumImportance)
	l.TextStyle.Bold = true
	return l
}

// mark puts a mark before text.
func (f *addForm) mark(m checkMark, size float32, l fyne.CanvasObject) fyne.CanvasObject {
	return markedRow(f.right, m, size, l)
}

// markedRow puts a mark before labels in a scroll.
func markedRow(in *container.Scroll, m checkMark, size float32, labels ...fyne.CanvasObject) fyne.CanvasObject {
	icon := canvas.NewImageFromResource(markIcon(m))
	icon.FillMode = canvas.ImageFillContain
	across := width(in)
	inner := func() float32 { return across() - size - markGap }
	return container.New(
		marked{width: across, mark: size},
		icon,
		container.New(upright{width: inner, gap: 4, cut: theme.InnerPadding()}, labels...),
	)
}

// markIcon draws a mark: each has a shape of its own.
func markIcon(m checkMark) fyne.Resource {
	switch m {
	case markGood:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon())
	case markBad:
		return theme.NewErrorThemedResource(theme.CancelIcon())
	case markWeak:
		return theme.NewWarningThemedResource(theme.WarningIcon())
	case markUnknown:
		return theme.NewColoredResource(theme.QuestionIcon(), theme.ColorNamePlaceHolder)
	}
	return theme.NewColoredResource(theme.InfoIcon(), theme.ColorNamePlaceHolder)
}

// reveal scrolls to what got the focus, which Fyne leaves out of sight.
func reveal(s *container.Scroll, o fyne.CanvasObject) {
	const room = 24
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	top := where(o).Y - where(s.Content).Y - room
	bottom := top + o.Size().Height + 2*room
	switch at := s.Offset.Y; {
	case top < at:
		s.ScrollToOffset(fyne.NewPos(0, max(top, 0)))
	case bottom > at+s.Size().Height:
		s.ScrollToOffset(fyne.NewPos(0, bottom-s.Size().Height))
	}
}
