package safety_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"docent/bot/rule"
	"docent/bot/safety"
	"docent/knowledge"
)

var update = flag.Bool("update", false, "compute vectors.bin again, from the examples of the rules")

// encode returns what the program compares meanings with.
func encode(t *testing.T) rule.Embed {
	t.Helper()
	if testing.Short() && !*update {
		t.Skip("comparing meanings is not in the short run")
	}
	m, err := knowledge.Meaning()
	if err != nil {
		t.Fatal(err)
	}
	return func(text string) []float32 { return m.Recall(&knowledge.Heard{}, text) }
}

func TestVectorsAreThoseOfTheRules(t *testing.T) {
	rules, err := safety.Rules()
	if err != nil {
		t.Fatal(err)
	}
	want := rules.Vectors(encode(t))
	if *update {
		if err := os.WriteFile("vectors.bin", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("vectors.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error(`vectors.bin is not that of the rules: run "go test ./bot/safety -run Vectors -update"`)
	}
}
