package agent

// WindowLine is what the window program says of itself on its standard output,
// in a line of its own. Whoever started it goes by these lines alone.
type WindowLine string

// What the window program says.
const (
	WindowDrawn  WindowLine = "drawn"  // the first frame of its first page has been painted
	WindowOpened WindowLine = "opened" // it shows what the next line on its standard input asked for
	WindowDone   WindowLine = "done"   // it ends, as nothing is left to show

	// It ends, as it can never draw anything here.
	WindowNoScreen   WindowLine = "no screen"   // no display is named, or the one that is named does not answer
	WindowNoXwayland WindowLine = "no Xwayland" // the same on a Wayland desktop, whose Xwayland it needs
	WindowNoOpenGL   WindowLine = "no OpenGL"   // the display has no OpenGL, or too old a one
)
