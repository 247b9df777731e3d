// Package scope moves the engine out of the group of processes that it was started
// in, where the user's systemd runs: into a transient scope of its own. Otherwise the
// end of an ssh session, of a cron job or of a service could end the engine with it.
//
// It must never be needed: an engine without it works just as well until then.
package scope
