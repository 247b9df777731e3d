package wholefile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"keyfob/app/wholefile"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "new", "file.toml")
	for _, text := range []string{"first", "", "a longer second one"} {
		if err := wholefile.Write(t.Context(), path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != text {
			t.Fatalf("holds %q, %v, want %q", got, err, text)
		}
	}
	if runtime.GOOS == "windows" {
		return
	}
	for name, want := range map[string]os.FileMode{path: 0o644, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has the permissions %v, %v, want %v", name, info.Mode().Perm(), err, want)
		}
	}
}

// TestWriteThatFails leaves what was there, and nothing beside it.
func TestWriteThatFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(path, "in it"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := wholefile.Write(t.Context(), path, []byte("x"), 0o600); err == nil {
		t.Error("a folder was replaced")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "taken" {
		t.Errorf("beside it are %v, %v", left, err)
	}
}
