package auth_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestCodesAreConstants finds no code of an error that is written out, but in
// the tables of what providers answer and in the provider of our own.
func TestCodesAreConstants(t *testing.T) {
	uses := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "idp" || d.Name() == "explain" || d.Name() == "authtest") {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		code := func(of, is ast.Expr) {
			name := ""
			switch x := of.(type) {
			case *ast.Ident: // in a composite literal
				name = x.Name
			case *ast.SelectorExpr:
				name = x.Sel.Name
			}
			if name != "Code" {
				return
			}
			uses++
			if lit, ok := is.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				t.Errorf("%s: the code %s is no constant of auth", set.Position(lit.Pos()), lit.Value)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.KeyValueExpr:
				code(x.Key, x.Value)
			case *ast.BinaryExpr:
				code(x.X, x.Y)
			case *ast.AssignStmt:
				for i := range min(len(x.Lhs), len(x.Rhs)) {
					code(x.Lhs[i], x.Rhs[i])
				}
			}
			return true
		})
		return nil
	})
	if err != nil || uses < 100 {
		t.Errorf("looked at %d codes: %v", uses, err)
	}
}
