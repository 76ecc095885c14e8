package library_test

import (
	"slices"
	"strings"
	"testing"

	"docent/knowledge"
	"docent/knowledge/library"
)

func TestArticles(t *testing.T) {
	articles, err := knowledge.LoadLibrary(knowledge.Library{FS: library.FS(), Name: "library"})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range articles {
		if a.ReviewBy.IsZero() || a.Withdrawn != "" || len(a.NotCovered) < 40 {
			t.Errorf("%s: review by %v, withdrawn %q, %d questions that are not covered", a.ID, a.ReviewBy, a.Withdrawn, len(a.NotCovered))
		}
		for _, s := range a.Sections {
			if len(s.Ask) < 20 || len(s.Aliases) < 8 || s.Withdrawn != "" {
				t.Errorf("%s: %d example questions, %d aliases", s.Ref, len(s.Ask), len(s.Aliases))
			}
		}
	}
}

func TestKetamineSections(t *testing.T) {
	articles, err := knowledge.LoadLibrary(knowledge.Library{FS: library.FS(), Name: "library"})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(articles, func(a *knowledge.Article) bool { return a.ID == "ketamine" })
	if i < 0 {
		t.Fatal("no article ketamine")
	}
	var got []string
	for _, s := range articles[i].Sections {
		got = append(got, s.Ref.Section)
	}
	want := []string{"overview", "anesthetic-properties", "pain-management", "treatment-resistant-depression", "ptsd",
		"substance-use-disorders", "neurological-disorders", "conclusion"}
	if !slices.Equal(got, want) {
		t.Errorf("sections %v", got)
	}
}

// TestExamplesAreFound asks each article its own examples, as people type: no question that it says it does not answer
// may be answered, and every question that a section answers must bring that section.
func TestExamplesAreFound(t *testing.T) {
	b, err := knowledge.Open([]knowledge.Library{{FS: library.FS(), Name: "library"}}, knowledge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range b.Articles() {
		for _, q := range a.NotCovered {
			for _, typed := range []string{q, strings.ToLower(strings.TrimRight(q, "?."))} {
				if r := b.Find(typed); r.Verdict == knowledge.Sure {
					t.Errorf("%q, which is not covered, is answered with %v", typed, r.Matches[0].Ref)
				}
			}
		}
		for _, s := range a.Sections {
			for _, q := range s.Ask {
				typed := strings.ToLower(strings.TrimRight(q, "?."))
				if r := b.Find(typed); r.Verdict != knowledge.Sure || r.Matches[0].Ref != s.Ref {
					t.Errorf("%q of %v: %v, %v", typed, s.Ref, r.Verdict, r.Matches[0].Ref)
				}
			}
		}
	}
}
