package safety_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docent/bot/safety"
)

func TestExamples(t *testing.T) {
	rules, err := safety.Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range rules.Check() {
		t.Error(problem)
	}
}

func TestEveryLanguageHasTheRules(t *testing.T) {
	rules, err := safety.Rules()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, r := range rules.Rules() {
		have[r.Kind+r.Language] = true
	}
	for _, kind := range []string{safety.Danger, safety.SelfHarm, safety.Dose, safety.Diagnosis} {
		for _, language := range []string{"en", "de", "es", "fr", "pt"} {
			if !have[kind+language] {
				t.Errorf("no rule for %s in %s", kind, language)
			}
		}
	}
	for _, kind := range []string{safety.SelfHarmTopic, safety.Pregnancy, safety.Children} {
		if !have[kind+"und"] {
			t.Errorf("no rule for %s", kind)
		}
	}
}

// The greatest shares of ordinary questions that may look like a crisis, and that may be refused.
const (
	crisisLimit  = 0.001
	refusalLimit = 0.003
)

// every is one in how many ordinary questions is also compared by meaning, which takes 3 ms each; -full compares all.
const every = 20

var full = flag.Bool("full", false, "compare all ordinary questions by meaning")

func TestFalseAlarms(t *testing.T) {
	f := newFinder(t, encode(t))
	crises, refusals, compared, near := 0, 0, 0, 0
	questions := ordinaryQuestions(t)
	for i, q := range questions {
		found := map[string]bool{}
		for _, r := range f.rules.Match(q.text, safety.Danger, safety.SelfHarm, safety.Dose, safety.Diagnosis) {
			found[r.Kind] = true
		}
		switch {
		case found[safety.Danger] || found[safety.SelfHarm]:
			crises++
			t.Logf("taken for a crisis: %s", q.name)
		case found[safety.Dose] || found[safety.Diagnosis]:
			refusals++
		}
		if *full || i%every == 0 {
			compared++
			if f.near.First(q.text, f.embed, safety.Danger, safety.SelfHarm) != nil {
				near++
				t.Logf("taken for a crisis by its meaning: %s", q.name)
			}
		}
	}
	t.Logf("%d questions: %d crises by patterns, %d refusals; %d compared by meaning: %d crises", len(questions), crises, refusals, compared, near)
	if share := float64(refusals) / float64(len(questions)); share > refusalLimit {
		t.Errorf("%.2f%% of ordinary questions are refused, at most %.2f%%", 100*share, 100*refusalLimit)
	}
	if share := float64(crises)/float64(len(questions)) + float64(near)/float64(compared); share > crisisLimit {
		t.Errorf("%.3f%% of ordinary questions are taken for a crisis, at most %.2f%%", 100*share, 100*crisisLimit)
	}
}

type question struct{ name, text string }

// ordinaryQuestions reads the questions of ../shared/eval, which are not part of this repository.
func ordinaryQuestions(t *testing.T) []question {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "..", "shared", "eval", "*", "questions.jsonl"))
	if err != nil || len(files) == 0 {
		t.Skip("../shared/eval is absent")
	}
	var out []question
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			var row struct{ Question string }
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatalf("%s:%d: %v", name, i+1, err)
			}
			out = append(out, question{fmt.Sprintf("%s:%d", filepath.Base(filepath.Dir(name)), i+1), row.Question})
		}
	}
	return out
}
