package eval

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"docent/knowledge"
	"docent/knowledge/library"
)

var update = flag.Bool("update", false, "write the golden report again")

// TestReport holds the quality of the matcher on this project's own questions about the shipped article.
func TestReport(t *testing.T) {
	f, err := os.Open("testdata/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	qs, err := ReadQuestions(f)
	if err != nil {
		t.Fatal(err)
	}
	base, err := knowledge.Open([]knowledge.Library{{FS: library.FS(), Name: "library"}}, knowledge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	Sum(Run(base, qs, Options{})).Write(&b, false)
	if *update {
		if err := os.WriteFile("testdata/report.txt", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/report.txt")
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the quality of answers changed; look at it, then run with -update\n--- was\n%s--- is\n%s", want, b.String())
	}
}

func TestMisspellIsRepeatable(t *testing.T) {
	const s = "Does ketamine help people with depression?"
	a, b := misspell(s, 1, 7, 3), misspell(s, 1, 7, 3)
	if a != b || a == s {
		t.Errorf("%q and %q", a, b)
	}
	if got := misspell(s, 0, 7, 3); got != s {
		t.Errorf("no slips wanted, got %q", got)
	}
}

func TestReadSectionsTakesPhraseLists(t *testing.T) {
	articles, err := ReadSections(strings.NewReader(`{"id":"a","article":"bot","title":"hours","text":"when are you open\nopening hours\nis it open now\nopen on sunday"}
{"id":"b","article":"bot","title":"about","text":"We sell tea. We have done so for years."}`))
	if err != nil || len(articles) != 1 {
		t.Fatal(articles, err)
	}
	if s := articles[0].Sections; len(s[0].Ask) != 4 || len(s[1].Ask) != 0 {
		t.Errorf("phrases %v and %v", s[0].Ask, s[1].Ask)
	}
	if _, err := ReadSections(strings.NewReader("{\n")); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("error %v", err)
	}
}

func TestSumCounts(t *testing.T) {
	in := &Question{Relevant: []string{"x"}, Kind: "plain"}
	out := &Question{Kind: "far"}
	r := Sum([]Answer{
		{Verdict: "sure", Matches: []Match{{"x", 0.9}}, q: in},
		{Verdict: "unsure", Matches: []Match{{"y", 0.5}, {"x", 0.4}}, q: in},
		{Verdict: "none", Matches: []Match{{"y", 0.1}}, q: out},
	})
	if r.R1 != 0.5 || r.R3 != 1 || r.MRR10 != 0.75 || r.AUROC != 1 || r.Table["plain"]["right"] != 1 || r.Table["plain"]["offered"] != 1 || r.Table["far"]["silent"] != 1 {
		t.Errorf("%+v", r)
	}
}
