package eval

import (
	"bytes"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"strings"
	"testing"

	"docent/knowledge"
	"docent/knowledge/library"
)

var update = flag.Bool("update", false, "write the golden report again")

// TestReport holds the quality of the matcher on this project's own questions about the shipped article, and a checksum
// of every answer: the same on each processor, with its vector instructions (amd64, arm64) and without (-tags purego).
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
	answers := Run(base, qs, Options{})
	Sum(answers).Write(&b, false)
	h := fnv.New64a()
	for _, a := range answers {
		fmt.Fprintln(h, a.ID, a.Verdict, a.Matches)
	}
	fmt.Fprintf(&b, "\nchecksum of all answers %016x\n", h.Sum64())
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

func TestSumComparesTurns(t *testing.T) {
	yes, no := true, false
	turn := func(needs *bool, id string, alone bool) Answer {
		return Answer{Matches: []Match{{id, 0.5}}, alone: alone, q: &Question{Relevant: []string{"x"}, History: []string{"before"}, Needs: needs}}
	}
	r := Sum([]Answer{turn(&yes, "x", false), turn(&yes, "y", false), turn(&no, "x", true), turn(nil, "x", true)})
	if r.FollowUps != (Turns{2, 0.5, 0}) || r.StandAlone != (Turns{1, 1, 1}) {
		t.Errorf("%+v, %+v", r.FollowUps, r.StandAlone)
	}
}

func TestSumJudgesLeads(t *testing.T) {
	q := &Question{Relevant: []string{"x"}, Answers: []string{"In 1970 "}}
	if !q.answers("It was made in 1970.") || q.answers("It was made in 1971.") {
		t.Error("answers")
	}
	wrong := Answer{Matches: []Match{{"y", 1}}, q: q, lead: true}
	r := Sum([]Answer{{Matches: []Match{{"x", 1}}, q: q, lead: true}, {Matches: []Match{{"x", 1}}, q: q}, wrong})
	if r.Led != 2 || r.Lead != 0.5 {
		t.Errorf("%d, %v", r.Led, r.Lead)
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
