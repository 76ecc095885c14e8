package markup

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

func TestParseGolden(t *testing.T) {
	src, err := os.ReadFile("testdata/everything.md")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/everything.golden", dump(Parse(src)))
}

func TestSectionsGolden(t *testing.T) {
	src, err := os.ReadFile("testdata/sections.md")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range ParseSections(src) {
		fmt.Fprintf(&b, "== level %d, lines %d to %d, %q {#%s}\n%s", c.Level, c.Line, c.EndLine, c.Heading, c.ID, dump(c.Body))
	}
	golden(t, "testdata/sections.golden", b.String())
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (run with -update to accept):\n%s", file, diff)
	}
}

// dump writes one line a block and one indented line a span.
func dump(d Doc) string {
	var b strings.Builder
	kinds := [...]string{"paragraph", "heading", "item", "quote", "code"}
	for _, bl := range d {
		fmt.Fprintf(&b, "%s level=%d number=%d\n", kinds[bl.Kind], bl.Level, bl.Number)
		for _, s := range bl.Spans {
			fmt.Fprintf(&b, "  %q style=%04b %s\n", s.Text, s.Style, s.URL)
		}
	}
	return b.String()
}

func TestParseBadBytes(t *testing.T) {
	d := Parse([]byte("\ufeffa\xff\x00b\r\nc\r\n\r\nd"))
	if got, want := d.Plain(), "a\ufffd\ufffdb c\n\nd"; got != want {
		t.Errorf("Plain() = %q, want %q", got, want)
	}
}

func TestParseDeepNesting(t *testing.T) {
	for _, mark := range []string{">", "> ", "- ", "+ - ", ">*\t"} {
		deep := strings.Repeat(mark, 200_000) + "end"
		d := Parse([]byte("first\n\n" + deep + "\n\nlast\n"))
		if got, want := d.Plain(), "first\n\nend\n\nlast"; got != want {
			t.Errorf("%q: %.80q", mark, got)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Pain management":                  "pain-management",
		"  PTSD & trauma: what's known?  ": "ptsd-trauma-whats-known",
		"Épilepsie":                        "epilepsie",
		"日本":                               "",
		strings.Repeat("long ", 20):        "long-long-long-long-long-long-long-long-long-lon",
	} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	src, err := os.ReadFile("testdata/everything.md")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	f.Add([]byte("## \n\n##\n# a {#b}\r\n|a|\n|-|\n\x00\xff<a"))
	f.Add([]byte("- > - # x\n\t- ```\n&#0;&#xD800;[a](<b> 'c')"))
	f.Fuzz(func(t *testing.T, src []byte) {
		checkDoc(t, Parse(src))
		last := 0
		for _, c := range ParseSections(src) {
			checkDoc(t, c.Body)
			if c.Line <= last || c.EndLine < c.Line {
				t.Fatalf("lines %d to %d after line %d", c.Line, c.EndLine, last)
			}
			last = c.EndLine
		}
	})
}

func checkDoc(t *testing.T, d Doc) {
	t.Helper()
	for _, b := range d {
		if len(b.Spans) == 0 || strings.TrimSpace(b.Plain()) == "" {
			t.Fatalf("empty block in %#v", d)
		}
		for _, s := range b.Spans {
			if s.Text == "" || !utf8.ValidString(s.Text) || strings.ContainsAny(s.Text, "\x00\r") {
				t.Fatalf("bad span %q", s.Text)
			}
		}
	}
}
