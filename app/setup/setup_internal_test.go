package setup

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/autostart"
	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/keychain"
)

// memorySecrets keeps client secrets in memory.
type memorySecrets struct{ store keychain.Store }

func (m memorySecrets) SaveSecret(ctx context.Context, tool auth.Tool, s auth.Secret) error {
	return keychain.Secrets{Store: m.store}.Save(ctx, tool, s)
}

func (m memorySecrets) DeleteSecret(ctx context.Context, tool string) error {
	return keychain.Secrets{Store: m.store}.Delete(ctx, tool)
}

// setUp is what an engine offers whose settings file says text. The second
// result is what the engine last took over from the file.
func setUp(t *testing.T, text string) (Setup, func() *config.Settings) {
	t.Helper()
	login := t.TempDir()
	s := Setup{
		Path: filepath.Join(t.TempDir(), "keyfob.toml"), Now: time.Now,
		Secrets:   memorySecrets{memory.New()},
		Autostart: func() (autostart.Starter, error) { return autostart.XDG{Program: "/usr/bin/keyfob", Dir: login}, nil },
		OpenFile:  func(context.Context) error { return nil },
	}
	if text != "" {
		if err := os.WriteFile(s.Path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inEffect, _ := config.LoadAll(s.Path, s.System)
	s.Reload = func(context.Context) {
		if now, err := config.LoadAll(s.Path, s.System); err == nil {
			inEffect = now
		}
	}
	s.Settings = func() (*config.Settings, *auth.Error) {
		now, err := config.LoadAll(s.Path, s.System)
		if err != nil {
			now = inEffect
		}
		return now, auth.AsError(err)
	}
	return s, func() *config.Settings { return inEffect }
}
