package assets

import _ "embed" // for the pictures below

// The pictures of the windows. They are variables of their own, so that a
// program without windows does not carry them.
var (
	//go:embed Icon.png
	program []byte
	//go:embed needs.png
	needs []byte
)

// Program returns the program's icon as a PNG file of 512 pixels.
func Program() []byte { return program }

// Needs returns [IconNeeds] as a PNG file of 96 pixels, for a window.
func Needs() []byte { return needs }
