package process

// othersHome is never so here, where each user has a profile of their own.
func othersHome(string) bool { return false }
