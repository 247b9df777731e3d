package folders

// ownFolder is not asked on Windows, where the runtime folder lies inside the
// user's own profile.
func ownFolder(string) bool { return false }
