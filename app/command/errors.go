package main

import "keyfob/auth"

// cannotRun is for a whole program that the system does not start.
func cannotRun(path string, err error) error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeEngineProgram, Who: auth.WhoYou,
		What: path + ", which does this, cannot be started (" + err.Error() + ")",
		Do:   "install Keyfob again, for this kind of machine",
		Err:  err,
	}
}
