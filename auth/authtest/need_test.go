package authtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/auth/authtest"
)

// outcome runs a helper in a test of its own, which ends as the helper wants.
type outcome struct{ testing.TB }

func (o *outcome) Helper()                   {}
func (o *outcome) Fatalf(f string, _ ...any) { panic("failed: " + f) }
func (o *outcome) Skipf(f string, _ ...any)  { panic("skipped: " + f) }

// ends is how a test ends that calls f.
func ends(f func(testing.TB)) (how string) {
	defer func() { how, _ = recover().(string) }()
	f(&outcome{})
	return ""
}

// TestAMissingPart is a reason to skip for a person, and a failure where all
// has to be tested.
func TestAMissingPart(t *testing.T) {
	for _, tt := range []struct{ all, ci, want string }{{"", "", "skipped"}, {"1", "", "failed"}, {"", "true", "failed"}} {
		t.Setenv("KEYFOB_TEST_ALL", tt.all)
		t.Setenv("CI", tt.ci)
		for name, f := range map[string]func(testing.TB){
			"Need":    func(t testing.TB) { authtest.Need(t, "go", "no-such-program") },
			"Missing": func(t testing.TB) { authtest.Missing(t, "gone") },
		} {
			if got := ends(f); !strings.HasPrefix(got, tt.want+": ") {
				t.Errorf("%s with %+v: %q", name, tt, got)
			}
		}
		if got := ends(func(t testing.TB) { authtest.Need(t, "go") }); got != "" {
			t.Errorf("with everything there: %q", got)
		}
	}
}

// TestNobodySkipsByHand holds that tests are left out by the functions of this
// package alone, which know when that is a failure.
func TestNobodySkipsByHand(t *testing.T) {
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	looked := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case filepath.Ext(path) != ".go" || path == filepath.Join(root, "auth", "authtest", "need.go"):
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		looked++
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if ok && (f.Sel.Name == "Skip" || f.Sel.Name == "Skipf" || f.Sel.Name == "SkipNow") {
				t.Errorf("%s: %s is called: say why with a function of authtest", files.Position(n.Pos()), f.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if looked < 100 {
		t.Errorf("only %d files were looked at", looked)
	}
}
