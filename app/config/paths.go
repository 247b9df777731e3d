package config

import "keyfob/app/folders"

// DefaultPath is [folders.Settings].
func DefaultPath() (string, error) { return folders.Settings() }

// RuntimeDir is [folders.Runtime].
func RuntimeDir() (string, error) { return folders.Runtime() }

// StateDir is [folders.State].
func StateDir() (string, error) { return folders.State() }
