//go:build unix

package handover

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// installed is a program as if it ran, in a folder of its own.
func installed(t *testing.T) *Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bin", "keyfob-tray")
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	writeProgram(t, path, []byte("old"))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return &Program{path: path, was: identity{info}, settle: 50 * time.Millisecond}
}

// replace puts another program into its place, as package managers do.
func replace(t *testing.T, path string) {
	t.Helper()
	writeProgram(t, path+".new", []byte("new"))
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// TestWhatCountsAsReplaced does to the file what may be done to one, and looks
// after it has settled.
func TestWhatCountsAsReplaced(t *testing.T) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, tc := range map[string]struct {
		do   func(path string)
		want bool
	}{
		"nothing":   {func(string) {}, false},
		"renamed":   {func(path string) { replace(t, path) }, true},
		"removed":   {func(path string) { must(os.Remove(path)) }, false},
		"linked":    {func(path string) { must(os.Rename(path, path+"-1")); must(os.Symlink(path+"-1", path)) }, false},
		"a link":    {func(path string) { replace(t, path+"-2"); must(os.Remove(path)); must(os.Symlink(path+"-2", path)) }, true},
		"a mode":    {func(path string) { must(os.Chmod(path, 0o700)) }, false},
		"a folder":  {func(path string) { must(os.Remove(path)); must(os.Mkdir(path, 0o755)) }, false},
		"an empty":  {func(path string) { must(os.Remove(path)); writeProgram(t, path, nil) }, false},
		"a text":    {func(path string) { replace(t, path); must(os.Chmod(path, 0o644)) }, false},
		"anybody's": {func(path string) { replace(t, path); must(os.Chmod(path, 0o757)) }, false},
		"in anybody's folder": {
			func(path string) { replace(t, path); must(os.Chmod(filepath.Dir(path), 0o777)) }, false,
		},
		"of an old time": {
			func(path string) { replace(t, path); must(os.Chtimes(path, time.Time{}, time.Unix(1, 0))) }, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := installed(t)
			tc.do(p.path)
			if p.Replaced() {
				t.Error("a file was taken as it was written")
			}
			time.Sleep(p.settle)
			if got := p.Replaced(); got != tc.want {
				t.Errorf("replaced: %v", got)
			}
			if next, _ := p.look(); tc.want {
				p.tried(next)
				if p.Replaced() {
					t.Error("it was tried in vain, and would be tried again")
				}
			}
		})
	}
}

// TestAReplacementIsNoticed replaces the program in the ways that installers
// have, and before anybody watches.
func TestAReplacementIsNoticed(t *testing.T) {
	for name, do := range map[string]func(path string){
		"before":  nil,
		"renamed": func(path string) { replace(t, path) },
		"written in its place, slowly": func(path string) { // as install(1) does
			if err := os.Remove(path); err != nil {
				t.Error(err)
			}
			f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
			if err != nil {
				t.Error(err)
				return
			}
			for range 10 {
				time.Sleep(20 * time.Millisecond)
				_, _ = f.WriteString("part")
			}
			_ = f.Close()
			time.Sleep(100 * time.Millisecond)
			_ = os.Chmod(path, 0o755)
		},
		"the folder renamed": func(path string) {
			dir := filepath.Dir(path)
			if err := os.Mkdir(dir+".new", 0o755); err != nil {
				t.Error(err)
			}
			writeProgram(t, filepath.Join(dir+".new", filepath.Base(path)), []byte("new"))
			if err := os.Rename(dir, dir+".old"); err != nil {
				t.Error(err)
			}
			time.Sleep(20 * time.Millisecond)
			if err := os.Rename(dir+".new", dir); err != nil {
				t.Error(err)
			}
		},
		"the folder made anew": func(path string) {
			dir := filepath.Dir(path)
			if err := os.RemoveAll(dir); err != nil {
				t.Error(err)
			}
			time.Sleep(20 * time.Millisecond)
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Error(err)
			}
			writeProgram(t, path, []byte("new"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := installed(t)
			if do == nil {
				replace(t, p.path)
			}
			ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
			defer stop()
			go func() {
				if do != nil {
					time.Sleep(100 * time.Millisecond) // it watches
					do(p.path)
				}
			}()
			seen := false
			p.Watch(ctx, func(context.Context) {
				seen = true
				if info, err := os.Stat(p.path); err != nil || info.Mode().Perm() != 0o755 || !p.Replaced() {
					t.Errorf("it was taken too early: %v, %v", info, err)
				}
				stop()
			})
			if !seen {
				t.Error("nobody noticed")
			}
		})
	}
}

// TestTheProgramThatRuns is this test's.
func TestTheProgramThatRuns(t *testing.T) {
	p, err := Running()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if p.Path() != want || p.Replaced() {
		t.Errorf("it is %s, want %s; replaced: %v", p.Path(), want, p.Replaced())
	}
}

// TestAStrangersVariable sets what only an engine sets. It is removed, and the
// process does not take for an inheritance what is none.
func TestAStrangersVariable(t *testing.T) {
	for _, value := range []string{"", "3", "0,1,2,3", "3,3,3,3", "97,98,99,100", "a,b,c,d", "-1,-1,-1,-1"} {
		t.Setenv(variable, value)
		if i, err := Inherited(); i != nil || err == nil {
			t.Errorf("%q: %v, %v", value, i, err)
		}
		if _, is := os.LookupEnv(variable); is {
			t.Errorf("%q is still there", value)
		}
	}
	if i, err := Inherited(); i != nil || err != nil {
		t.Errorf("without it: %v, %v", i, err)
	}
}
