package config

import "keyfob/app/folders"

// DefaultPath is [folders.DefaultSettings].
func DefaultPath() (string, error) { return folders.DefaultSettings() }

// RuntimeDir is [folders.RuntimeDir].
func RuntimeDir() (string, error) { return folders.RuntimeDir() }

// StateDir is [folders.StateDir].
func StateDir() (string, error) { return folders.StateDir() }
