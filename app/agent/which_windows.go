package agent

// Which is nil: sockets are no files here.
func Which(string) *Mark { return nil }
