package config

import "keyfob/auth"

// exposed says nothing here, where a profile is closed to other users.
func exposed(string) *auth.Error { return nil }
