package bot_test

import (
	"strings"
	"testing"

	"docent/bot"
)

func TestRedact(t *testing.T) {
	for text, gone := range map[string][]string{
		"My name is Anna Berg and I have migraines":             {"Anna", "Berg"},
		"write to anna.berg@example.org about PTSD":             {"anna", "example"},
		"call +49 (170) 123-4567 about pain":                    {"170", "4567"},
		"see https://example.org/user/anna?x=1 and www.test.io": {"example", "anna", "test"},
		"ask @anna_b or <@123456789012345678> or u/annab":       {"anna", "123"},
		"does my friend Müller need it, 43 years old":           {"Müller", "43"},
		"t.me/annaberg has more":                                {"annaberg"},
		"soy Ana. me llamo Lucía Pérez":                         {"Lucía", "Pérez"},
		"anna#1234 said so":                                     {"1234"},
	} {
		got := bot.Redact(text)
		for _, g := range gone {
			if strings.Contains(strings.ToLower(got), strings.ToLower(g)) {
				t.Errorf("%q is left in %q", g, got)
			}
		}
	}
	if got := bot.Redact("Does it help PTSD, OCD or tinnitus?"); got != "Does it help PTSD, OCD or tinnitus?" {
		t.Errorf("an ordinary question became %q", got)
	}
}
