package provider_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keyfob/auth/provider"
)

// hosts are those that providers run on.
var hosts = []string{
	"accounts.google.com", "googleapis.com", "auth0.com", "amazoncognito.com", "b2clogin.com", "ciamlogin.com", "cognito-idp.",
	"login.microsoft", "login.windows.net", "okta.com",
}

// TestProvidersAreKnownHereAlone finds code elsewhere that names a provider by its
// ID or its host: what is special about one belongs into its preset, or into the
// rows of auth/explain.
func TestProvidersAreKnownHereAlone(t *testing.T) {
	here := []string{"auth/provider", "auth/explain", "auth/authtest"}
	names := map[string]bool{}
	for _, p := range provider.All() {
		names[p.ID] = true
	}
	files := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, filepath.FromSlash("../../")))
		switch {
		case d.IsDir() && (slices.Contains(here, name) || d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case d.IsDir(), !strings.HasSuffix(name, ".go"), strings.HasSuffix(name, "_test.go"):
			return nil
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if _, ok := n.(*ast.ImportSpec); ok {
				return false
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Error(err)
				}
				example := strings.HasSuffix(text, "…") // which people read
				if names[text] || !example && slices.ContainsFunc(hosts, func(h string) bool { return strings.Contains(text, h) }) {
					t.Errorf("%s: %s is a provider's", set.Position(lit.Pos()), lit.Value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || files < 100 {
		t.Errorf("looked at %d files: %v", files, err)
	}
}
