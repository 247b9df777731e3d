//go:build unix && !linux

package start

// descriptors is where the system lists this process's open descriptors.
const descriptors = "/dev/fd"

func closeAllOnExec() { closeEachOnExec() }
