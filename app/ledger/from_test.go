//go:build unix

package ledger_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"keyfob/app/ledger"
)

// TestSettingsFiles keeps apart what two settings files have stored. Entries of
// which nobody noted it, or whose file is gone, are the usual file's.
func TestSettingsFiles(t *testing.T) {
	s, failed := noted(t)
	usual, other := filepath.Join(t.TempDir(), "keyfob.toml"), filepath.Join(t.TempDir(), "other.toml")
	if err := errors.Join(os.WriteFile(usual, nil, 0o600), os.WriteFile(other, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	with := func(path string) ledger.Store {
		s := s
		s.Ledger.Settings, s.Ledger.Usual = path, path == usual
		return s
	}
	orphans := func(path string, want ...string) {
		t.Helper()
		if got := with(path).Ledger.Orphans(func(string) bool { return false }); !slices.Equal(got, want) {
			t.Errorf("orphans of %s are %q, want %q", filepath.Base(path), got, want)
		}
	}
	elsewhere := func(path, tool, want string) {
		t.Helper()
		if got := with(path).Ledger.Elsewhere(tool); got != want {
			t.Errorf("%s of %s is elsewhere in %q, want %q", tool, filepath.Base(path), got, want)
		}
	}
	if err := errors.Join(
		s.Save(t.Context(), "old", some), with(usual).Save(t.Context(), "web", some), with(other).Save(t.Context(), "plant6", some),
	); err != nil {
		t.Fatal(err)
	}
	orphans(usual, "old", "web")
	orphans(other, "plant6")
	elsewhere(usual, "plant6", other)
	elsewhere(other, "web", usual)
	elsewhere(other, "old", "")
	elsewhere(usual, "nobody", "")

	// Who reads an entry that is nobody's has it; another one's stays what it is.
	for _, tool := range []string{"old", "web"} {
		if _, err := with(other).Load(t.Context(), tool); err != nil {
			t.Fatal(err)
		}
	}
	orphans(usual, "web")
	orphans(other, "old", "plant6")
	if err := errors.Join(with(other).Save(t.Context(), "web", some), with(usual).Delete(t.Context(), "old")); err != nil {
		t.Fatal(err)
	}
	orphans(other, "plant6", "web")
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	orphans(usual, "plant6", "web")
	elsewhere(usual, "plant6", "")
	if len(*failed) > 0 {
		t.Error(*failed)
	}
}
