package app_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"keyfob/auth/authtest"
)

// TestReadmeInstall installs what was built into a folder, looks at it, and
// takes it out again.
func TestReadmeInstall(t *testing.T) {
	if runtime.GOOS != "linux" {
		authtest.NotHere(t, "desktop entry and icons are installed on Linux alone")
	}
	text := readme(t)
	if !strings.Contains(text, "make install") || !strings.Contains(text, "make uninstall") {
		t.Fatal("the README does not show make install and make uninstall")
	}
	for _, program := range []string{"keyfob", "keyfob-tray", "keyfob-window"} {
		if _, err := os.Stat(filepath.Join("..", "bin", program)); err != nil {
			authtest.Missing(t, "bin/%s is not built; `make build` does so", program)
		}
	}
	authtest.Need(t, "desktop-file-validate")
	dest := t.TempDir()
	run := func(target, prefix string) {
		t.Helper()
		cmd := exec.Command("make", target, "DESTDIR="+dest, "PREFIX="+prefix)
		cmd.Dir = ".."
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("make %s: %v\n%s", target, err, out)
		}
	}
	run("install", "/opt/kf")
	root := filepath.Join(dest, "opt", "kf")
	want := []string{
		"bin/keyfob 755",
		"bin/keyfob-tray 755",
		"bin/keyfob-window 755",
		"share/applications/keyfob.desktop 644",
		"share/icons/hicolor/scalable/apps/keyfob.svg 644",
	}
	for _, size := range []string{"16x16", "24x24", "32x32", "48x48", "64x64", "128x128", "256x256", "512x512"} {
		want = append(want, "share/icons/hicolor/"+size+"/apps/keyfob.png 644")
	}
	slices.Sort(want)
	if got := installed(t, dest, root); !slices.Equal(got, want) {
		t.Errorf("installed\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	entry := filepath.Join(root, "share", "applications", "keyfob.desktop")
	if out, err := exec.Command("desktop-file-validate", entry).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("the desktop entry: %v\n%s", err, out)
	}
	if data, err := os.ReadFile(entry); err != nil || !strings.Contains(string(data), "\nExec=/opt/kf/bin/keyfob-tray\n") {
		t.Errorf("the desktop entry starts something else: %v\n%s", err, data)
	}
	for _, program := range []string{"keyfob", "keyfob-tray"} {
		if out, err := exec.Command(filepath.Join(root, "bin", program), "version").Output(); err != nil ||
			string(out) != "keyfob "+fyneApp(t).Details.Version+"\n" {
			t.Errorf("what was installed as %s: %v %s", program, err, out)
		}
	}
	run("uninstall", "/opt/kf")
	if got := installed(t, dest, root); len(got) > 0 {
		t.Errorf("left behind %q", got)
	}

	// A prefix that a desktop entry would have to quote.
	run("install", "/opt/my tools")
	if data, err := os.ReadFile(filepath.Join(dest, "opt", "my tools", "share", "applications", "keyfob.desktop")); err != nil ||
		!strings.Contains(string(data), "\nExec=keyfob-tray\n") {
		t.Errorf("%v\n%s", err, data)
	}
}

// described is what FyneApp.toml says of the program.
type described struct {
	Details     struct{ Icon, Name, ID, Version string }
	LinuxAndBSD struct {
		GenericName, Comment string
		Categories, Keywords []string
	}
}

func fyneApp(t *testing.T) (a described) {
	t.Helper()
	data, err := os.ReadFile("../FyneApp.toml")
	if err == nil {
		err = toml.Unmarshal(data, &a)
	}
	if err != nil || a.Details.Version == "" {
		t.Fatalf("FyneApp.toml: %v, version %q", err, a.Details.Version)
	}
	return a
}

// TestDesktopEntry holds that it says of the program what FyneApp.toml says.
func TestDesktopEntry(t *testing.T) {
	data, err := os.ReadFile("../assets/keyfob.desktop")
	if err != nil {
		t.Fatal(err)
	}
	a := fyneApp(t)
	for _, line := range []string{
		"Name=" + a.Details.Name, "Icon=" + a.Details.ID, "GenericName=" + a.LinuxAndBSD.GenericName,
		"Comment=" + a.LinuxAndBSD.Comment, "Keywords=" + strings.Join(a.LinuxAndBSD.Keywords, ";") + ";", "Exec=keyfob-tray",
	} {
		if !strings.Contains(string(data), "\n"+line+"\n") {
			t.Errorf("the entry has no line %s:\n%s", line, data)
		}
	}
	if _, err := os.Stat(filepath.Join("..", a.Details.Icon)); err != nil {
		t.Error(err)
	}
}

// installed are the files below dest, seen from root, with their modes.
func installed(t *testing.T, dest, root string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dest, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		mode := info.Mode().String()
		files = append(files, name+" "+map[string]string{"-rwxr-xr-x": "755", "-rw-r--r--": "644"}[mode])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}
