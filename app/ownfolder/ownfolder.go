// Package ownfolder makes and checks the folder of the engine's socket and of
// the locks: it must belong to this user, and nobody else may write to it.
//
// It must never use a folder that somebody else has prepared.
package ownfolder

import "keyfob/auth"

func cannotMake(err error) error {
	return &auth.Error{
		Kind: auth.KindFailed,
		Code: auth.CodeAgentListen,
		What: "cannot open keyfob's own socket (" + err.Error() + ")",
		Do:   "check the folder that it names",
		Who:  auth.WhoYou,
		Err:  err,
	}
}
