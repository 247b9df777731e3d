package window

import "time"

// doubleClick is how long after a sign-in began its Cancel button does
// nothing: it stands where Sign in stood, and a second click is no change of
// mind.
const doubleClick = 600 * time.Millisecond

// attempt is what this window knows of a sign-in that it asked for itself.
// The snapshots tell the rest.
type attempt struct {
	running  bool      // the engine has not answered yet
	since    time.Time // when it began
	set      string    // the session that there was before it
	canceled bool      // Cancel was pressed here, so its failure needs no words
	err      error     // what the last one failed with; nil when none failed
}
