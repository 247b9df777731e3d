package agent

// The pages of the window, as the engine names them to the window program. A
// page of a tool has the tool's ID after a slash.
const (
	PageTools    = "tools"
	PageAdd      = "add" // or add/PROVIDER
	PageImport   = "import"
	PageSettings = "settings"
	PageToken    = "token"   // token/TOOL
	PageWaiting  = "waiting" // waiting/TOOL
	PageNone     = "none"    // closes a window that nobody asked for, if nobody has turned to it
)
