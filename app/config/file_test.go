package config_test

import (
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"keyfob/app/config"
	"keyfob/auth"
)

// TestUnreadable covers a file that is there and gives nothing.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	if _, err := config.Load(dir); err == nil || err.Error() != dir+" is a folder, not a settings file: name the file itself" {
		t.Errorf("folder: %v", err)
	}
	file := write(t, "")
	below := filepath.Join(file, "keyfob.toml")
	var e *auth.Error
	if _, err := config.Load(below); !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "cannot read "+below+" (") {
		t.Errorf("below a file: %v", err)
	}
	big := write(t, strings.Repeat("# more than there can be\n", 50_000))
	if _, err := config.Load(big); err == nil || err.Error() != big+" is larger than 1 MiB: check that it is the settings file" {
		t.Errorf("large: %v", err)
	}
}

// TestDeepFile reads a key of very many parts, whose cost must not grow with
// their square.
func TestDeepFile(t *testing.T) {
	const parts = 20_000
	path := write(t, strings.Repeat("a.", parts)+"b = 1\n")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := config.Load(path); err == nil {
		t.Error("loaded")
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("took %d MiB for %d bytes", used>>20, 2*parts)
	}
}
