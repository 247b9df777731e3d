package window

import "keyfob/app/agent"

// allPages makes the pages of the window.
func allPages() pages {
	return pages{
		agent.PageTools:    newToolsPage,
		agent.PageWaiting:  newWaitingPage,
		agent.PageToken:    newTokenPage,
		agent.PageAdd:      newAddPage,
		agent.PageImport:   newImportPage,
		agent.PageSettings: newSettingsPage,
	}
}
