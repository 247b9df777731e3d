package start

import "io/fs"

// checkOwner trusts the folder of this program: who could write to it could change
// this one, too.
func checkOwner(string, fs.FileInfo, string) error { return nil }
