package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Label is Fyne's text, as all of this package's texts are.
type Label = widget.Label

// Text is text that wraps.
func Text(s string) *Label {
	l := widget.NewLabel(s)
	l.Wrapping, l.Importance = fyne.TextWrapWord, widget.MediumImportance
	return l
}

// Problem is text that says what is wrong.
func Problem(s string) *Label {
	l := Text(s)
	l.Importance = widget.DangerImportance
	return l
}

// Warning is text that says what is less good than it could be.
func Warning(s string) *Label {
	l := Text(s)
	l.Importance = widget.WarningImportance
	return l
}

// Bold is text that names what follows.
func Bold(s string) *Label {
	l := Text(s)
	l.TextStyle.Bold = true
	return l
}

// Small is text beside what matters more.
func Small(s string) *Label {
	l := Text(s)
	l.SizeName = theme.SizeNameCaptionText
	return l
}

// Heading is the heading of a page or of a part of it.
func Heading(s string) *Label {
	l := Bold(s)
	l.SizeName = theme.SizeNameSubHeadingText
	return l
}

// Title is a heading in the middle of an empty page.
func Title(s string) *Label {
	l := Centred(s)
	l.TextStyle.Bold, l.SizeName = true, theme.SizeNameHeadingText
	return l
}

// Centred is text in the middle of its width.
func Centred(s string) *Label {
	l := Text(s)
	l.Alignment = fyne.TextAlignCenter
	return l
}

// Line is text on one line, as long as it is.
func Line(s string) *Label { return widget.NewLabel(s) }

// BoldLine is [Line] in bold letters.
func BoldLine(s string) *Label {
	l := Line(s)
	l.TextStyle.Bold = true
	return l
}

// CutLine is text on one line, which ends with … where it is too long.
func CutLine(s string) *Label {
	l := Line(s)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// SetText changes what a label says, and reports whether that is new.
func SetText(l *Label, s string) bool {
	if l.Text == s {
		return false
	}
	l.SetText(s)
	return true
}

// SetOrHide changes what a label says. It is not there while that is nothing.
// It reports whether anything changed.
func SetOrHide(l *Label, s string) bool {
	if l.Text == s && l.Visible() == (s != "") {
		return false
	}
	l.Hidden = s == ""
	l.SetText(s)
	return true
}

// SetProblem makes a label one that says what is wrong, or not.
func SetProblem(l *Label, wrong bool) {
	importance := widget.MediumImportance
	if wrong {
		importance = widget.DangerImportance
	}
	if l.Importance != importance {
		l.Importance = importance
		l.Refresh()
	}
}

// Separator is a thin line between parts of a page.
func Separator() fyne.CanvasObject { return widget.NewSeparator() }
