package app

import (
	"keyfob/app/autostart"
	"keyfob/app/cli"
)

// updateAutostart has a login start this program by the name that it has now.
// Whether that works is no reason not to start.
func (h host) updateAutostart() {
	starter, err := autostart.Usual()
	if err == nil {
		err = starter.Update()
	}
	if err != nil {
		cli.Report(h.err, err)
	}
}
