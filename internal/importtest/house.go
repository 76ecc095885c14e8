package importtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// The greatest sizes of hand-written code outside tests.
const (
	maxFileLines = 400
	maxFuncLines = 60 // 40 is the aim; between the two the commit says why
	maxMethods   = 3
)

// LongFiles returns the files that may be longer than others, with the reason.
func LongFiles() map[string]string {
	return map[string]string{}
}

var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX)\b`)

// CheckHouse returns the house rules that f breaks, one line each.
func CheckHouse(f File) []string {
	var wrong []string
	report := func(at token.Pos, format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("%s:%d: %s", f.Path, f.Set.Position(at).Line, fmt.Sprintf(format, args...)))
	}
	if f.Lines > maxFileLines && !f.Test && LongFiles()[f.Path] == "" && !ast.IsGenerated(f.AST) {
		report(f.AST.Pos(), "the file has %d lines, more than %d: split it", f.Lines, maxFileLines)
	}
	for _, group := range f.AST.Comments {
		if word := unfinished.FindString(group.Text()); word != "" {
			report(group.Pos(), "%s: finish it or open an issue", word)
		}
	}
	for _, decl := range f.AST.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			checkFunc(f, d, report)
		case *ast.GenDecl:
			checkGen(f, d, report)
		}
	}
	if f.Test {
		checkSleep(f, report)
	}
	return wrong
}

type reporter func(at token.Pos, format string, args ...any)

func checkFunc(f File, d *ast.FuncDecl, report reporter) {
	if d.Recv == nil && d.Name.Name == "init" {
		report(d.Pos(), "no init: give the caller a constructor or a value")
	}
	if n := f.Set.Position(d.End()).Line - f.Set.Position(d.Pos()).Line + 1; n > maxFuncLines && !f.Test {
		report(d.Pos(), "%s has %d lines, more than %d: split it", d.Name.Name, n, maxFuncLines)
	}
	if f.Test || !d.Name.IsExported() || d.Recv != nil && !exportedReceiver(d) {
		return
	}
	if !strings.HasPrefix(d.Doc.Text(), d.Name.Name+" ") {
		report(d.Pos(), "the comment of %s must start with its name", d.Name.Name)
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

func checkGen(f File, d *ast.GenDecl, report reporter) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			checkType(f, d, s, report)
		case *ast.ValueSpec:
			if d.Tok == token.VAR && !f.Test {
				checkVar(d, s, report)
			}
		}
	}
}

func checkType(f File, d *ast.GenDecl, s *ast.TypeSpec, report reporter) {
	if f.Test {
		return
	}
	doc := s.Doc.Text()
	if doc == "" && len(d.Specs) == 1 {
		doc = d.Doc.Text()
	}
	named := strings.HasPrefix(doc, s.Name.Name+" ") || strings.HasPrefix(doc, "A "+s.Name.Name+" ") || strings.HasPrefix(doc, "An "+s.Name.Name+" ")
	if s.Name.IsExported() && !named {
		report(s.Pos(), "the comment of %s must start with its name", s.Name.Name)
	}
	if i, ok := s.Type.(*ast.InterfaceType); ok {
		n := 0
		for _, m := range i.Methods.List {
			n += len(m.Names)
		}
		if n > maxMethods {
			report(s.Pos(), "the interface %s has %d methods, more than %d", s.Name.Name, n, maxMethods)
		}
	}
}

// checkVar reports variables of a package that look as if they were to change: those that start empty and those that
// hold something to be filled. Tables, errors, patterns and embedded files are constants in all but name.
func checkVar(d *ast.GenDecl, s *ast.ValueSpec, report reporter) {
	if embedded(d.Doc) || embedded(s.Doc) || s.Names[0].Name == "_" {
		return
	}
	changes := len(s.Values) == 0
	for _, v := range s.Values {
		switch x := v.(type) {
		case *ast.UnaryExpr:
			changes = changes || x.Op == token.AND
		case *ast.CallExpr:
			name, ok := x.Fun.(*ast.Ident)
			changes = changes || ok && (name.Name == "make" || name.Name == "new")
		}
	}
	if changes {
		report(s.Pos(), "%s is a mutable variable of the package: put it in a struct", s.Names[0].Name)
	}
}

func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

func checkSleep(f File, report reporter) {
	ast.Inspect(f.AST, func(n ast.Node) bool {
		if x, ok := n.(*ast.SelectorExpr); ok && x.Sel.Name == "Sleep" {
			if pkg, ok := x.X.(*ast.Ident); ok && pkg.Name == "time" && !bubble(f) {
				report(x.Pos(), "no time.Sleep in a test: wait for the thing itself, or use testing/synctest")
			}
		}
		return true
	})
}

// bubble reports whether the file uses testing/synctest, where sleeping takes no time.
func bubble(f File) bool {
	return slices.ContainsFunc(f.Imports, func(i Import) bool { return i.Path == "testing/synctest" })
}

// CheckPackages returns the packages among files that lack a package comment, one line each.
func CheckPackages(files []File) []string {
	documented := map[string]bool{}
	for _, f := range files {
		if f.Test {
			continue
		}
		text := f.AST.Doc.Text()
		documented[f.Dir] = documented[f.Dir] || strings.HasPrefix(text, "Package "+f.AST.Name.Name+" ") || f.AST.Name.Name == "main" && strings.HasPrefix(text, "Command ")
	}
	var wrong []string
	for dir, ok := range documented {
		if !ok {
			wrong = append(wrong, dir+": no file has a comment that starts with the package's name")
		}
	}
	slices.Sort(wrong)
	return wrong
}
