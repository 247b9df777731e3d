package widget

import (
	"image/color"

	"fyne.io/fyne/v2/widget"
)

// Measures that pages share, in Fyne's units, which are pixels at scale 1.
const (
	ScrollBar   = 14  // kept free at the right of what scrolls
	ButtonWidth = 92  // the least of a button, so that a short word is no small target
	TableHeight = 110 // the least of a table, and of what takes its place

	PictureSize = 36 // of a picture ahead of text
	TextIndent  = 48 // from the edge of such a picture to the text
)

// Importance is how much a button stands out.
type Importance = widget.Importance

// The importances.
const (
	Normal  = widget.MediumImportance
	Primary = widget.HighImportance // what Enter is for
	Quiet   = widget.LowImportance
)

// Leading puts a button's words at its left.
const Leading = widget.ButtonAlignLeading

// The colours of a [TimeBar] are those of the pictures of the states.
var (
	colourPlenty = color.NRGBA{R: 0x1f, G: 0x9d, B: 0x55, A: 0xff}
	colourSoon   = color.NRGBA{R: 0xd0, G: 0x83, B: 0x08, A: 0xff}
)
