package window

// Measures that several pages share, in Fyne's units.
const (
	proseGap     = 4  // between the paragraphs of a text
	partGap      = 14 // between the parts of a page
	revealMargin = 24 // what is seen above and below what got the focus
)
