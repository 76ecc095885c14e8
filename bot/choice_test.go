package bot

import (
	"testing"

	"docent/knowledge"
)

func FuzzParsePress(f *testing.F) {
	s := &knowledge.Section{Ref: knowledge.Ref{Article: "a", Section: "b"}, Version: "abc-_9"}
	for _, v := range []string{
		ShowChoice(s), sectionValue(actMore, s, "12"), articleValue(&knowledge.Article{ID: "a"}, "3"), ChoiceHelp, ChoiceHelpNow,
		press{act: actNone}.String(), press{act: actRegion, arg: "DE"}.String(), "1", "2Sx", "\x00\xff",
	} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		p, err := parsePress(v)
		if err != nil {
			return
		}
		if got := p.String(); got != v {
			t.Fatalf("%q parses to %+v, which prints as %q", v, p, got)
		}
		Replaces(v)
		Rates(v)
	})
}

func TestPressesParseBack(t *testing.T) {
	s := &knowledge.Section{Ref: knowledge.Ref{Article: "ketamine", Section: "ptsd"}, Version: "Ab-_90"}
	for _, act := range "SPMLWHNQ" {
		for _, arg := range []string{"", "0", "12345678"} {
			want := press{act: action(act), key: s.Ref.Key(), version: s.Version, arg: arg}
			got, err := parsePress(want.String())
			if err != nil || got != want || len(want.String()) > MaxChoice {
				t.Errorf("%q: %+v, %v", want, got, err)
			}
		}
	}
	for _, want := range []press{{act: actNone}, {act: actArticles, arg: "7"}, {act: actRegion, arg: "BR"}, {arg: "help"}} {
		if got, err := parsePress(want.String()); err != nil || got != want {
			t.Errorf("%q: %+v, %v", want, got, err)
		}
	}
}
