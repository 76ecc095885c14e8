// Package importtest checks the shape of the program's own source: who may import whom, where each library has its home,
// and the house rules that a machine can check. It parses the files itself, so that the test cache, which follows opened
// files, notices every change. It knows nothing of what the packages do.
package importtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// A File is one parsed Go file.
type File struct {
	Path    string // from the module's root, with slashes
	Dir     string // of the package; "." is the root
	Test    bool
	Lines   int
	Imports []Import
	AST     *ast.File
	Set     *token.FileSet
}

// An Import is one import of a file.
type Import struct {
	Path string
	Line int
}

// Parse reads every Go file under root, which holds go.mod, except what Go itself ignores and modules inside it.
func Parse(root string) ([]File, error) {
	var files []File
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		base := d.Name()
		if d.IsDir() {
			if rel != "." && (base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || hasModule(name)) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := ParseFile(rel, data)
		files = append(files, f)
		return err
	})
	return files, err
}

func hasModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// ParseFile parses the text of the file at the given path from the module's root.
func ParseFile(name string, data []byte) (File, error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, data, parser.ParseComments)
	if err != nil {
		return File{}, err
	}
	f := File{Path: name, Dir: path.Dir(name), Test: strings.HasSuffix(name, "_test.go"), Set: set, AST: tree}
	f.Lines = set.File(tree.Pos()).LineCount()
	for _, spec := range tree.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return File{}, err
		}
		f.Imports = append(f.Imports, Import{p, set.Position(spec.Pos()).Line})
	}
	return f, nil
}
