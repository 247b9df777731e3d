package window

import (
	"keyfob/app/agent"
	"keyfob/auth/session"
)

// copyButton copies the token in one form.
type copyButton struct {
	Label, Done string
	As          agent.CopyAs
}

// copyButtons are the forms in which the token can be copied.
func copyButtons(s session.Snapshot) []copyButton {
	forms := []agent.CopyAs{agent.CopyToken, agent.CopyHeader, agent.CopyCurl, agent.CopyEnv}
	var all []copyButton
	for _, as := range forms {
		if as != agent.CopyCurl || s.Address() != "" {
			all = append(all, copyButton{Label: "Copy " + formName(as), Done: copied(as) + " It stays there for a while.", As: as})
		}
	}
	return all
}

// formName is what a form of the token is called.
func formName(as agent.CopyAs) string {
	switch as {
	case agent.CopyHeader:
		return "as Authorization header"
	case agent.CopyCurl:
		return "as curl"
	case agent.CopyEnv:
		return "as shell variable"
	}
	return "token"
}

// copied says that the token is in the clipboard, in one form.
func copied(as agent.CopyAs) string {
	switch as {
	case agent.CopyHeader, agent.CopyCurl, agent.CopyEnv:
		return "Copied to the clipboard " + formName(as) + "."
	}
	return "The token is in the clipboard."
}
