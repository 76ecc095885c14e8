package knowledge_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"docent/knowledge"
	"docent/knowledge/library"
)

func shipped(t testing.TB) *knowledge.Base {
	t.Helper()
	b, err := knowledge.Open([]knowledge.Library{{FS: library.FS(), Name: "library"}}, knowledge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFind(t *testing.T) {
	b := shipped(t)
	for q, want := range map[string]string{
		"Does it help against deppresion?": "treatment-resistant-depression",
		"my nerves burn all day":           "pain-management",
		"paediatric anaesthesia":           "anesthetic-properties",
		"PTSD":                             "ptsd",
	} {
		r := b.Find(q)
		if r.Verdict != knowledge.Sure || r.Matches[0].Ref.Section != want {
			t.Errorf("%q: %v, %v; want sure of %s", q, r.Verdict, r.Matches[0].Ref, want)
		}
		if lead := r.Matches[0].Lead; !strings.Contains(r.Matches[0].Section.Text, lead) {
			t.Errorf("%q: the lead is not in the section: %q", q, lead)
		}
	}
	for _, q := range []string{"What does ketamine taste like?", "How tall is the Eiffel tower?", "", "???", "\x00\xff"} {
		if r := b.Find(q); r.Verdict == knowledge.Sure {
			t.Errorf("%q: sure of %v", q, r.Matches[0].Ref)
		}
	}
	if r := b.Find(strings.Repeat("a ", knowledge.MaxQuestion)); !r.TooLong {
		t.Error("a long question was searched")
	}
}

func TestHistoryHelpsShortQuestions(t *testing.T) {
	b := shipped(t)
	r := b.Search(knowledge.Query{Text: "and for migraines?", History: []string{"Does ketamine help with depression?"}})
	if len(r.Matches) == 0 || r.Matches[0].Ref.Section != "pain-management" {
		t.Errorf("a new topic is not followed: %v", r.Matches)
	}
}

func TestHeardChangesNothing(t *testing.T) {
	b := shipped(t)
	var history []string
	for range 2 { // the second time all is known
		var heard knowledge.Heard
		for _, text := range []string{"Does ketamine help with migranes?", "and for PTSD?", "how does it do that", "Does ketamine help with migranes?"} {
			q := knowledge.Query{Text: text, History: history}
			plain := b.Search(q)
			q.Heard = &heard
			if got := b.Search(q); !reflect.DeepEqual(got, plain) {
				t.Errorf("%q after %q: %v, without what was heard %v", text, history, got, plain)
			}
			history = append(history, text)
		}
	}
}

func TestTooMuchText(t *testing.T) {
	a := &knowledge.Article{ID: "big", Title: "big", Language: "en"}
	text := strings.Repeat("word ", 1<<20)
	for i := range 60 {
		a.Sections = append(a.Sections, &knowledge.Section{Ref: knowledge.Ref{Article: "big", Section: strconv.Itoa(i)}, Article: a, Text: text})
	}
	if _, err := knowledge.New([]*knowledge.Article{a}, knowledge.Options{}); err == nil || !strings.Contains(err.Error(), "split them") {
		t.Errorf("300 MB of text: %v", err)
	}
}

// What one article says that it does not cover, another may answer.
func TestNotCoveredIsTheArticlesOwn(t *testing.T) {
	article := func(id, about, heading, text string, notCovered ...string) *knowledge.Article {
		a := &knowledge.Article{ID: id, Title: about, Language: "en", Aliases: []string{about}, NotCovered: notCovered}
		a.Sections = []*knowledge.Section{{Ref: knowledge.Ref{Article: id, Section: "s"}, Article: a, Heading: heading, Text: text}}
		return a
	}
	tea := article("tea", "tea", "Is it addictive?", "Tea is a little addictive: people who drink much of it get headaches without it.")
	for _, other := range []*knowledge.Article{
		article("coffee", "coffee", "Roasting", "Coffee beans are roasted until they are brown."),
		article("coffee", "coffee", "Roasting", "Coffee beans are roasted until they are brown.", "Is coffee addictive?"),
	} {
		b, err := knowledge.New([]*knowledge.Article{other, tea}, knowledge.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r := b.Find("Is it addictive?"); r.Verdict != knowledge.Sure || r.Matches[0].Ref.Article != "tea" {
			t.Errorf("not covered by coffee: %q, got %v of %v", other.NotCovered, r.Verdict, r.Matches[0])
		}
	}
	tea.NotCovered = []string{"Is tea addictive?"}
	b, err := knowledge.New([]*knowledge.Article{tea}, knowledge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r := b.Find("is tea addictive"); r.Verdict == knowledge.Sure {
		t.Error("what the article itself leaves out is answered")
	}
}

func TestHistoryDoesNotAnswerNewSubjects(t *testing.T) {
	b := shipped(t)
	for _, q := range []string{"how do i bake bread", "and for animals?", "what is the capital of Peru"} {
		if r := b.Search(knowledge.Query{Text: q, History: []string{"Is ketamine used for PTSD?"}}); r.Verdict == knowledge.Sure {
			t.Errorf("%q after an answer: sure of %v", q, r.Matches[0].Ref)
		}
	}
	r := b.Search(knowledge.Query{Text: "why?", History: []string{"Is katamine used for PTSD?"}})
	if len(r.Matches) == 0 || r.Matches[0].Ref.Section != "ptsd" || len(r.Repairs) > 0 {
		t.Errorf("why? after PTSD: %v, repairs %v", r.Matches, r.Repairs)
	}
}

func TestSuggest(t *testing.T) {
	b := shipped(t)
	if got := b.Suggest("", 3); len(got) != 3 || got[0].Section.Ref.Section != "overview" || got[0].Tier != knowledge.TierPopular {
		t.Errorf("nothing typed: %+v", got)
	}
	for _, p := range []string{"pain m", "pian", "pain"} {
		if got := b.Suggest(p, 5); len(got) == 0 || got[0].Section.Ref.Section != "pain-management" {
			t.Errorf("%q suggests %+v", p, got)
		}
	}
	if got := b.Suggest("zzzzqqq", 5); len(got) != 0 {
		t.Errorf("nonsense suggests %+v", got)
	}
}

func TestSectionsByKey(t *testing.T) {
	b := shipped(t)
	ref := knowledge.Ref{Article: "ketamine", Section: "ptsd"}
	s, ok := b.Section(ref)
	again, found := b.SectionByKey(ref.Key())
	if !ok || !found || s != again {
		t.Errorf("section %v, by key %v", s, again)
	}
	if related := b.Related(s, 3); len(related) != 3 || related[0] == s {
		t.Errorf("related %v", related)
	}
}

func TestArticleOnly(t *testing.T) {
	if r := shipped(t).Search(knowledge.Query{Text: "pain", Article: "no-such"}); len(r.Matches) != 0 || r.Verdict != knowledge.None {
		t.Errorf("an article that is not there answers: %+v", r)
	}
}

func FuzzFind(f *testing.F) {
	b := shipped(f)
	f.Add("does it help?")
	f.Add("\xff\x00🙂‍🙂 ﷽")
	f.Fuzz(func(t *testing.T, q string) {
		r := b.Find(q)
		for i, m := range r.Matches {
			if m.Score < 0 || m.Score > 1 || i > 0 && m.Score > r.Matches[i-1].Score {
				t.Fatalf("scores out of order: %+v", r.Matches)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	base := shipped(b)
	b.ReportAllocs()
	for b.Loop() {
		base.Find("does it help with pain in the nerves")
	}
}
