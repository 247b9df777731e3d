// Package process is about the process that runs: which program it is, whose home
// folder it works in, and who may look into its memory.
//
// It must never start, end or signal another one.
package process
