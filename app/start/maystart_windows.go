package start

import (
	"golang.org/x/sys/windows"

	"keyfob/auth"
)

// mayStart refuses to start an engine that runs elevated: so would the browser that
// it opens.
func mayStart([]string) error {
	if windows.GetCurrentProcessToken().IsElevated() {
		return elevated()
	}
	return nil
}

func elevated() error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeElevated, Who: auth.WhoYou,
		What: "keyfob does not start as administrator, since the browser would run as administrator, too",
		Do:   "run it from an ordinary window",
	}
}
