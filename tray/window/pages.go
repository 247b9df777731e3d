package window

import "keyfob/app/agent"

// allPages makes the pages of the window.
func allPages() pages {
	return pages{
		agent.PageTools:    newTools,
		agent.PageWaiting:  newWaiting,
		agent.PageToken:    newTokenPage,
		agent.PageAdd:      newAdding,
		agent.PageImport:   newImporting,
		agent.PageSettings: newSettings,
	}
}
