package auth_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"keyfob/auth"
)

func TestAdvice(t *testing.T) {
	for who, want := range map[auth.Who]string{
		auth.WhoYou:     "it broke: fix it",
		auth.WhoSetup:   "it broke: fix it",
		auth.WhoWait:    "it broke: fix it",
		auth.WhoAdmin:   "it broke: ask the provider's administrator to fix it",
		auth.WhoMachine: "it broke: ask the administrator of this machine to fix it",
	} {
		e := auth.Error{What: "it broke", Do: "fix it", Who: who}
		if got := e.Error(); got != want {
			t.Errorf("for %q: %q, want %q", who, got, want)
		}
		if e.Do = ""; e.Error() != "it broke" {
			t.Errorf("nothing to do for %q: %q", who, e.Error())
		}
	}
}

// forYou begin what a person at the machine does, rather than an administrator.
var forYou = regexp.MustCompile(`^(ask|tell|send|show|try|sign in|wait|report|have|get|use|check|choose|pick|your?) `)

// TestAdministratorsAreSpokenTo looks at each error and each row of a table in
// the module that an administrator has to act on: what to do is the
// administrator's, and not how the person at the machine gets there.
func TestAdministratorsAreSpokenTo(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			fields := map[string]ast.Expr{}
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if name, ok := kv.Key.(*ast.Ident); ok {
						fields[strings.ToLower(name.Name)] = kv.Value
					}
				}
			}
			who, ok := fields["who"].(*ast.SelectorExpr)
			if !ok || who.Sel.Name != "WhoAdmin" && who.Sel.Name != "WhoMachine" {
				return true
			}
			seen++
			for e := fields["do"]; e != nil; {
				switch x := e.(type) {
				case *ast.BinaryExpr: // what it begins with counts
					e = x.X
					continue
				case *ast.BasicLit:
					if do, err := strconv.Unquote(x.Value); err == nil && forYou.MatchString(do+" ") {
						t.Errorf("%s: %q is for the person at the machine", set.Position(x.Pos()), do)
					}
				}
				break
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 15 {
		t.Errorf("%d errors for administrators: %v", seen, err)
	}
}
