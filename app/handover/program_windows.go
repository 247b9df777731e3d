package handover

import "os"

// executable is decided by the name.
func executable(string) bool { return true }

// onlyOurs cannot be told by a file's mode here. A program lies in the user's own
// profile or where only administrators write.
func onlyOurs(os.FileInfo) bool { return true }
