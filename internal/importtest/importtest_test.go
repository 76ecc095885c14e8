package importtest

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func parse(t *testing.T) []File {
	t.Helper()
	files, err := Parse(root)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(files, func(f File) bool { return f.Path == "cmd/docent/main.go" }) {
		t.Fatalf("the %d files found are not those of the program", len(files))
	}
	return files
}

func TestImports(t *testing.T) {
	for _, f := range parse(t) {
		for _, wrong := range CheckImports(f) {
			t.Error(wrong)
		}
	}
}

func TestHouseRules(t *testing.T) {
	files := parse(t)
	for _, f := range files {
		for _, wrong := range CheckHouse(f) {
			t.Error(wrong)
		}
	}
	for _, wrong := range CheckPackages(files) {
		t.Error(wrong)
	}
}

// TestTableIsAboutThisProgram fails when a row outlives its folder, or a library's home no longer uses it.
func TestTableIsAboutThisProgram(t *testing.T) {
	files := parse(t)
	for _, r := range Rules() {
		if !slices.ContainsFunc(files, func(f File) bool { return f.Dir == r.Dir }) {
			t.Errorf("the table has a row for %s, which does not exist", r.Dir)
		}
	}
	for library := range Homes() {
		if !slices.ContainsFunc(files, func(f File) bool {
			return slices.ContainsFunc(f.Imports, func(i Import) bool { return within(i.Path, library) })
		}) {
			t.Errorf("the table gives %s a home, but nothing imports it", library)
		}
	}
	for name := range LongFiles() {
		if _, err := os.Stat(path.Join(root, name)); err != nil {
			t.Errorf("the list of long files: %v", err)
		}
	}
}

// TestChecksFindWhatIsWrong feeds each check a file that breaks it and one that does not.
func TestChecksFindWhatIsWrong(t *testing.T) {
	long := "package x\n" + strings.Repeat("\n", maxFileLines)
	for _, tt := range []struct{ name, path, text, want string }{
		{"fine", "bot/x.go", "package bot\nimport _ \"docent/knowledge\"\nimport _ \"context\"\n", ""},
		{"upward", "knowledge/x.go", "package knowledge\nimport _ \"docent/bot\"\n", "knowledge/x.go:2: knowledge imports docent/bot: the import table does not allow it"},
		{"sibling", "bot/discord/x.go", "package discord\nimport _ \"docent/bot/telegram\"\n", "does not allow it"},
		{"test's import", "bot/discord/x_test.go", "package discord\nimport _ \"docent/internal/discordtest\"\n", ""},
		{"test's import elsewhere", "bot/discord/x.go", "package discord\nimport _ \"docent/internal/discordtest\"\n", "does not allow it"},
		{"home", "internal/store/x.go", "package store\nimport _ \"github.com/jackc/pgx/v5/pgconn\"\n", ""},
		{"away from home", "bot/x.go", "package bot\nimport _ \"github.com/jackc/pgx/v5\"\n", "its home is internal/store"},
		{"similar name", "internal/store/x.go", "package store\nimport _ \"github.com/jackc/pgxother\"\n", "has no home"},
		{"test library", "bot/x.go", "package bot\nimport _ \"github.com/google/go-cmp/cmp\"\n", "for tests only"},
		{"test library in a test", "bot/x_test.go", "package bot\nimport _ \"github.com/google/go-cmp/cmp\"\n", ""},
		{"unknown folder", "internal/util/x.go", "package util\n", "no row for internal/util"},
		{"init", "bot/x.go", "package bot\nfunc init() {}\n", "no init"},
		{"empty variable", "bot/x.go", "package bot\nvar n int\n", "n is a mutable variable"},
		{"made variable", "bot/x.go", "package bot\nvar n = make(map[int]int)\n", "n is a mutable variable"},
		{"pointer variable", "bot/x.go", "package bot\nvar n = &T{}\n", "n is a mutable variable"},
		{"table", "bot/x.go", "package bot\nvar n = [...]int{1}\nvar _ I = T{}\n", ""},
		{"embedded", "bot/x.go", "package bot\n//go:embed x\nvar n string\n", ""},
		{"unfinished", "bot/x.go", "package bot\n// TO" + "DO: more\n", "TO" + "DO: finish it"},
		{"long function", "bot/x.go", "package bot\nfunc f() {" + strings.Repeat("\n", maxFuncLines) + "}\n", "f has 61 lines"},
		{"long", "bot/x.go", long, "more than 400"},
		{"long test", "bot/x_test.go", long, ""},
		{"sleep", "bot/x_test.go", "package bot\nimport \"time\"\nfunc f() { time.Sleep(1) }\n", "no time.Sleep"},
		{"sleep in a bubble", "bot/x_test.go", "package bot\nimport \"time\"\nimport _ \"testing/synctest\"\nfunc f() { time.Sleep(1) }\n", ""},
		{"no comment", "bot/x.go", "package bot\nfunc F() {}\n", "the comment of F must start"},
		{"method without comment", "bot/x.go", "package bot\n// T is.\ntype T int\nfunc (t *T) F() {}\n", "the comment of F must start"},
		{"type with article", "bot/x.go", "package bot\n// A T is.\ntype T int\ntype u int\nfunc (u) F() {}\n", ""},
		{"big interface", "bot/x.go", "package bot\ntype i interface { A(); B(); C(); D() }\n", "has 4 methods"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := ParseFile(tt.path, []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(append(CheckImports(f), CheckHouse(f)...), "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPackageCommentsAreRequired(t *testing.T) {
	var files []File
	for name, text := range map[string]string{
		"a/a.go": "// Package a is.\npackage a\n", "a/b.go": "package a\n", "b/b.go": "package b\n",
		"cmd/m.go": "// Command m is.\npackage main\n", "c/c_test.go": "package c\n",
	} {
		f, err := ParseFile(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	if got := CheckPackages(files); len(got) != 1 || !strings.HasPrefix(got[0], "b: ") {
		t.Errorf("got %q", got)
	}
}
