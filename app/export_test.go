package app

import "keyfob/app/config"

// MainWith is [Main] on a machine whose administrator's tools are elsewhere.
func MainWith(args []string, system config.System) int {
	h := thisMachine()
	h.system = system
	return h.main(args)
}
