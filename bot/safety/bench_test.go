package safety_test

import (
	"strings"
	"testing"

	"docent/bot/safety"
)

func BenchmarkFirst(b *testing.B) {
	rules, err := safety.Rules()
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{
		"question": "how long does it take until ketamine works against depression?",
		"longest":  strings.Repeat("my friend said that she is not sure about it and I took the train home. ", 55),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				rules.First(text, safety.Danger, safety.SelfHarm)
			}
		})
	}
}
