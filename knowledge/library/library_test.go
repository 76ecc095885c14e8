package library_test

import (
	"slices"
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
