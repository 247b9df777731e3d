// Package setup adds tools to the settings, by hand and from files, and changes
// how Keyfob behaves. It does so for the command and for the window, with one result for both: app/setup/form has its types.
//
// It owns what is asked for a tool, how an answer is judged, and the order in
// which settings and client secrets are written. It must never print, depend on
// a screen, or sign anybody in.
package setup

import (
	"context"
	"time"

	"keyfob/app/autostart"
	"keyfob/app/config"
	"keyfob/auth"
)

// Secrets keeps the client secrets of tools.
type Secrets interface {
	SaveSecret(ctx context.Context, tool auth.Tool, secret auth.Secret) error
	DeleteSecret(ctx context.Context, tool string) error
}

// Setup is what an engine offers to whoever sets it up.
type Setup struct {
	Path    string        // the settings file
	System  config.System // an administrator's
	Secrets Secrets
	Now     func() time.Time

	// Autostart is what starts Keyfob at login, or why nothing can here.
	Autostart func() (autostart.Starter, error)

	// Settings returns what is in effect, and what is wrong with the file if
	// that cannot be read.
	Settings func() (*config.Settings, *auth.Error)
	// Reload takes over what the settings say now, at once.
	Reload func(ctx context.Context)
	// OpenFile opens the settings file in an editor.
	OpenFile func(ctx context.Context) error
}
