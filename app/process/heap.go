package process

import "runtime/debug"

// collectAt is how much garbage there may be, in percent of what is in use. Go's
// own 100 % lets any program's heap grow to 4 MiB first; an engine has less than one in use.
const collectAt = 50

// KeepSmall has a process that stays for long, and does little, keep its memory
// small.
func KeepSmall() { debug.SetGCPercent(collectAt) }
