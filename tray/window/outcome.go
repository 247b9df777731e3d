package window

import (
	"keyfob/auth"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// outcome is what came of the last thing that a person did on a page.
type outcome struct {
	Text string
	Bad  bool
	Hint bool // it says what can be done
}

// outcomeOf is done, or what went wrong instead.
func outcomeOf(err error, done string) outcome {
	if err != nil {
		return outcome{Text: wording.Explain(auth.AsError(err)), Bad: true}
	}
	return outcome{Text: done}
}

// label is o in the colour of what it says.
func (o outcome) label() *widget.Label {
	if o.Bad {
		return widget.Problem(o.Text)
	}
	return widget.Text("✓ " + o.Text)
}
