package knowledge

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const goodHead = `---
id: tea
title: Tea
source:
  title: The book of tea
  url: https://example.org/tea
reviewed: 2026-01-31
review_by: 2026-07-31
aliases: [cuppa]
not_covered:
  - How much does tea cost?
sections:
  brewing:
    ask:
      - How do I make tea?
      - how long must it draw
    aliases: [steeping]
  history:
    withdrawn: being rewritten
---
`

const goodBody = `# Tea

## Brewing tea {#brewing}

Pour *boiling* water on the leaves.

### Time

- Wait.

## History

It is old.
`

func lib(files ...string) Library {
	m := fstest.MapFS{}
	for i := 0; i+1 < len(files); i += 2 {
		m[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return Library{FS: m, Name: "articles"}
}

func TestLoadLibrary(t *testing.T) {
	articles, err := LoadLibrary(lib("tea.md", goodHead+goodBody, "notes.txt", "x", ".git/y.md", "y"))
	if err != nil {
		t.Fatal(err)
	}
	a := articles[0]
	if len(articles) != 1 || a.ID != "tea" || a.Title != "Tea" || a.Language != "en" || a.File != "articles/tea.md" ||
		a.Source != (Source{"The book of tea", "https://example.org/tea"}) || len(a.Aliases) != 1 || len(a.NotCovered) != 1 {
		t.Errorf("article %+v", a)
	}
	if want := time.Date(2026, 7, 31, 0, 0, 0, 0, time.UTC); !a.ReviewBy.Equal(want) {
		t.Errorf("review by %v", a.ReviewBy)
	}
	if len(a.Sections) != 2 {
		t.Fatalf("%d sections", len(a.Sections))
	}
	s := a.Sections[0]
	got := fmt.Sprintf("%s|%s|%q|%v|%v|%d-%d|%d|%q", s.Ref, s.Heading, s.Text, s.Ask, s.Aliases, s.Line, s.EndLine, len(s.Version), s.Withdrawn)
	want := `tea/brewing|Brewing tea|"Pour boiling water on the leaves.\n\nTime\n\nWait."|[How do I make tea? how long must it draw]|[steeping]|23-29|6|""`
	if got != want || s.Article != a {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if w := a.Sections[1].Withdrawn; w != "being rewritten" {
		t.Errorf("withdrawn: %q", w)
	}
}

func TestLoadWindowsFile(t *testing.T) {
	text := "\ufeff" + strings.ReplaceAll(goodHead+goodBody, "\n", "\r\n")
	articles, err := LoadLibrary(lib("a/b/tea.MD", text))
	if err != nil {
		t.Fatal(err)
	}
	if s := articles[0].Sections[0]; s.Line != 23 || s.Ref.String() != "tea/brewing" {
		t.Errorf("line %d, %v", s.Line, s.Ref)
	}
}

func TestVersionFollowsText(t *testing.T) {
	load := func(old, new string) *Section {
		t.Helper()
		articles, err := LoadLibrary(lib("tea.md", strings.ReplaceAll(goodHead+goodBody, old, new)))
		if err != nil {
			t.Fatal(err)
		}
		return articles[0].Sections[0]
	}
	first := load("", "")
	if v := load("cuppa", "brew").Version; v != first.Version {
		t.Error("the version changes with the aliases")
	}
	if load("boiling", "hot").Version == first.Version || load("## Brewing tea", "## Making tea").Version == first.Version {
		t.Error("the version does not change with the text or the heading")
	}
}

// TestMistakes changes one thing in a good file a time.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"no front matter", goodHead, "", "x.md:1: the file has no front matter; start"},
		{"front matter without end", "---\n# Tea", "# Tea", "x.md:1: the front matter does not end; put a line ---"},
		{"no id", "id: tea\n", "", "x.md:1: the article has no id; add a line id: with a short name, such as id: tea"},
		{"bad id", "id: tea", "id: Tea!", `x.md:2: the id "Tea!" has other characters`},
		{"no title", "title: Tea", "title:", "x.md:3: the title is missing; add one"},
		{"long title", "title: Tea", "title: " + strings.Repeat("x", 201), "x.md:3: the title has 201 characters; shorten"},
		{"bad language", "title: Tea", "title: Tea\nlanguage: english!", `x.md:4: "english!" is no language code; write`},
		{"no source", "  title: The book of tea\n", "", "x.md:4: the article has no source; add"},
		{"bad URL", "https://example.org/tea", "javascript:alert(1)", `x.md:6: "javascript:alert(1)" is no web address; write`},
		{"half a URL", "https://example.org/tea", "example.org", `x.md:6: "example.org" is no web address; write`},
		{"not reviewed", "reviewed: 2026-01-31\n", "", "x.md:1: the day of the review is missing; add a line reviewed:"},
		{"bad date", "2026-01-31", "31.1.2026", `x.md:7: reviewed: "31.1.2026" is no date; write year-month-day`},
		{"no such day", "2026-07-31", "2026-06-31", `x.md:8: review_by: "2026-06-31" is no date; write`},
		{"review by the past", "2026-07-31", "2025-07-31", "x.md:8: review_by is before reviewed; write"},
		{"unknown key", "reviewed:", "reviewd:", `x.md:7: unknown key "reviewd"; write reviewed, or delete it`},
		{"unknown source key", "  url:", "  link:", `x.md:6: unknown key "link"; use one of title, url`},
		{"unknown section key", "    ask:", "    asks:", `x.md:14: unknown key "asks"; write ask, or delete it`},
		{"double key", "title: Tea", "id: tea", `x.md:3: the key "id" stands in line 2 already; keep one of them`},
		{"list for text", "title: Tea", "title: [Tea]", "x.md:3: the value is a list; write a single text here"},
		{"text for list", "aliases: [cuppa]", "aliases: cuppa", "x.md:9: the value is a single text; write a list here"},
		{"colon", "title: Tea", "title: Tea: a book", "x.md:3: there is a colon in a value, or a key is indented wrongly; put"},
		{"tab", "title: Tea", "\ttitle: Tea", "x.md:3: the front matter is no YAML: "},
		{"empty alias", "[cuppa]", "[cuppa, '']", "x.md:9: aliases: entry 2 is empty; write"},
		{"empty ask", "how long must it draw", "", "x.md:16: the list has an empty entry; write"},
		{"unknown section", "  brewing:", "  brewng:", `x.md:13: sections: there is no section "brewng"; write brewing, or delete it`},
		{"withdrawn without reason", "withdrawn: being rewritten", "withdrawn:", "x.md:19: withdrawn has no reason; write"},
		{"withdrawn: true", "withdrawn: being rewritten", "withdrawn: true", "x.md:19: withdrawn has no reason; write"},
		{"no sections", goodBody, "# Tea\n", "x.md:20: the article has no section; add"},
		{"text before headings", "# Tea\n", "Hello\n", "x.md:21: text stands before the first heading; put a heading such as ## Overview"},
		{"text below the title", "# Tea\n", "# Tea\n\nHello\n", "x.md:21: text stands right below the title; put"},
		{"section with one #", "## History", "# History", "x.md:31: a section's heading has one #; write the heading with ##"},
		{"empty section", "It is old.\n", "", "x.md:31: the section is empty; write text"},
		{"only headings", "It is old.\n", "### More\n", "x.md:31: the section is empty; write text"},
		{"empty heading", "## History", "## {#history}", "x.md:31: the heading is missing; add one"},
		{"bad section id", "{#brewing}", "{#Brewing tea}", `x.md:23: the section's id "Brewing tea" cannot be used; end the heading with`},
		{"two sections, one id", "## Brewing tea {#brewing}", "## Brewing tea {#history}", `x.md:31: the section in line 23 has the id "history" too; end`},
		{"bad UTF-8", "It is old", "It is \xff", "x.md:33: this line is not UTF-8; save"},
		{"NUL", "It is old", "It is \x00", "x.md:33: this line has a NUL character; delete it"},
		{"same question twice", "how long must it draw", "how do I  make TEA", `x.md:16: the example question "how do I make TEA" is also that of tea/brewing; keep`},
		{"question in and out", "How much does tea cost?", "How do I make tea?", `x.md:11: the question "How do I make tea?" is also an example question of tea/brewing; keep`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(goodHead+goodBody, c.old, c.new, 1)
			if text == goodHead+goodBody {
				t.Fatal("nothing was changed")
			}
			articles, err := LoadLibrary(lib("x.md", text))
			if err == nil || articles != nil {
				t.Fatal("no error")
			}
			if !strings.Contains("\n"+err.Error(), "\narticles/"+c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	other := strings.NewReplacer("id: tea", "id: milk", "title: Tea", "titel: Milk", "[cuppa]", "x", "2026-01-31", "soon").Replace(goodHead + goodBody)
	other = strings.NewReplacer("How do I make tea?", "What is milk?", "how long must it draw", "HOW DO I MAKE TEA?").Replace(other)
	_, err := LoadLibraries([]Library{
		lib("b.md", goodHead+goodBody, "c.md", other, "bad.md", "nothing"),
		{FS: fstest.MapFS{"d.md": {Data: []byte(goodHead + goodBody)}}, Name: "more"},
	})
	want := []string{
		"articles/bad.md:1: the file has no front matter",
		"articles/c.md:3: unknown key \"titel\"; write title",
		"articles/c.md:1: the title is missing",
		"articles/c.md:7: reviewed: \"soon\" is no date",
		"articles/c.md:9: the value is a single text; write a list here",
		"articles/c.md:16: the example question \"HOW DO I MAKE TEA?\" is also that of tea/brewing",
		"more/d.md:2: the id \"tea\" is also that of articles/b.md:2",
		"more/d.md:15: the example question \"How do I make tea?\" is also that of tea/brewing",
	}
	for _, w := range want {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("missing: %s", w)
		}
	}
}

func TestLoadNothing(t *testing.T) {
	if _, err := LoadLibrary(lib("x.txt", "x")); err == nil || err.Error() != "articles: no article was found; add a file whose name ends in .md" {
		t.Errorf("empty folder: %v", err)
	}
	_, err := LoadLibrary(Library{FS: os.DirFS(filepath.Join(t.TempDir(), "gone")), Name: "gone"})
	if err == nil || !strings.HasPrefix(err.Error(), "gone: the folder cannot be read: ") {
		t.Errorf("no folder: %v", err)
	}
}

func TestLoadLinks(t *testing.T) {
	dir := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Mkdir(filepath.Join(dir, "..data"), 0o755))
	must(os.WriteFile(filepath.Join(dir, "..data", "tea.md"), []byte(goodHead+goodBody), 0o644))
	must(os.Symlink("..data/tea.md", filepath.Join(dir, "tea.md")))
	must(os.Symlink(".", filepath.Join(dir, "loop")))
	articles, err := LoadLibrary(Library{FS: os.DirFS(dir), Name: "articles"})
	if err != nil || len(articles) != 1 {
		t.Fatalf("%d articles, %v", len(articles), err)
	}
	must(os.Symlink("round.md", filepath.Join(dir, "round.md")))
	if _, err = LoadLibrary(Library{FS: os.DirFS(dir), Name: "articles"}); err == nil ||
		!strings.HasPrefix(err.Error(), "articles/round.md:1: the file cannot be read: ") {
		t.Errorf("a link to itself: %v", err)
	}
}

func TestLoadTooLarge(t *testing.T) {
	_, err := LoadLibrary(lib("big.md", strings.Repeat("x", MaxFile+1)))
	if err == nil || !strings.Contains(err.Error(), "more than 16777216; cut it into several articles") {
		t.Error(err)
	}
}

func TestErrorsAreSorted(t *testing.T) {
	err := Errors{{"b", 1, "m", "f"}, {"a", 2, "m", "f"}, {"a", 1, "m", "f"}}.asError()
	if diff := cmp.Diff("a:1: m; f\na:2: m; f\nb:1: m; f", err.Error()); diff != "" {
		t.Error(diff)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(goodHead + goodBody))
	f.Add([]byte("---\n&a [*a]\n---\n## \n## {#}"))
	f.Add([]byte("---\nsections: {a: null, b: {withdrawn: [x]}}\naliases: [~]\n---\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		articles, err := LoadLibrary(Library{FS: fstest.MapFS{"x.md": {Data: src}}, Name: "articles"})
		if err == nil {
			if len(articles) != 1 || len(articles[0].Sections) == 0 {
				t.Fatalf("no error and %d articles", len(articles))
			}
			return
		}
		for _, e := range err.(Errors) {
			if e.File == "" || e.Line < 1 || e.Msg == "" || e.Fix == "" || e.Line > 1+strings.Count(string(src), "\n")+1 {
				t.Fatalf("%#v", e)
			}
			if strings.ContainsAny(e.Error(), "\n\r") {
				t.Fatalf("more than one line: %q", e.Error())
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	m := fstest.MapFS{}
	for i := range 1000 {
		var t strings.Builder
		fmt.Fprintf(&t, "---\nid: a%d\ntitle: T\nsource: {title: S}\nreviewed: 2026-01-31\n---\n", i)
		for j := range 100 {
			fmt.Fprintf(&t, "## Section %d\n\n%s\n\n", j, strings.Repeat("Some words of *text* in a row. ", 10))
		}
		m[fmt.Sprintf("a%d.md", i)] = &fstest.MapFile{Data: []byte(t.String())}
	}
	for b.Loop() {
		if _, err := LoadLibrary(Library{FS: m}); err != nil {
			b.Fatal(err)
		}
	}
}
