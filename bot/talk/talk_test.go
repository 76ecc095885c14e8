package talk_test

import (
	"testing"

	"docent/bot/talk"
)

func TestExamples(t *testing.T) {
	rules, err := talk.Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range rules.Check() {
		t.Error(problem)
	}
}

func TestEveryLanguageHasEveryKind(t *testing.T) {
	rules, err := talk.Rules()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, r := range rules.Rules() {
		have[r.Kind+r.Language] = true
	}
	for _, kind := range []string{talk.Greeting, talk.Thanks, talk.Bye, talk.Who, talk.Robot, talk.Can} {
		for _, language := range []string{"en", "de", "es", "fr", "pt"} {
			if !have[kind+language] {
				t.Errorf("no rule for %s in %s", kind, language)
			}
		}
	}
}
