package bot_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"docent/bot"
)

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

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
		"anna#1234 said so":                                     {"anna", "1234"},
		"my discord is annab.99, does it help":                  {"annab", "99"},
		"write to anna_berg about it":                           {"anna", "berg"},
		"my name is anna and my son is called peter":            {"anna", "peter"},
		"MY NAME IS ANNA BERG":                                  {"ANNA", "BERG"},
		"I live in 12 Baker Street, London SW1A 1AA":            {"12", "Baker", "London"},
		"born 3 May 1980, my number is 078-05-1120":             {"1980", "1120", "05"},
		"IBAN DE89 3704 0044 0532 0130 00":                      {"3704", "0130"},
		"ip 192.168.17.4":                                       {"192", "17"},
		"ich heiße Müller und wohne in Köln":                    {"Müller", "Köln"},
		"mi correo es ana.perez@correo.example":                 {"ana", "perez", "correo.example"},
	} {
		got := bot.Redact(text)
		for _, g := range gone {
			if slices.Contains(strings.FieldsFunc(strings.ToLower(got), notWord), strings.ToLower(g)) || strings.ContainsAny(g, ".") && strings.Contains(got, g) {
				t.Errorf("%q is left in %q", g, got)
			}
		}
	}
	for text, want := range map[string]string{
		"Anna has migraines": "[name] has migraines", "Hello. Peter was given it": "Hello. [name] was given it",
		"Lucía tiene dolor": "[name] tiene dolor", "anna@localhost wrote": "[e-mail] wrote", "It is used for pain": "It is used for pain",
	} {
		if got := bot.Redact(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := bot.Redact("Ketamine is legal? Does my Kava help Anna", "ketamine", "kava"); got != "Ketamine is legal? Does my Kava help [name]" {
		t.Errorf("subjects of articles are taken for names: %q", got)
	}
	for _, ordinary := range []string{"Does it help PTSD, OCD or tinnitus?", "is it used with esketamine and discord in the family?",
		"what is it called in French medicine", "how is this different from S-ketamine"} {
		if got := bot.Redact(ordinary); strings.Contains(got, "[handle]") || strings.Contains(got, "[number]") || strings.Contains(got, "[link]") {
			t.Errorf("an ordinary question became %q", got)
		}
	}
	if got := bot.Redact("Does it help PTSD, OCD or tinnitus?"); got != "Does it help PTSD, OCD or tinnitus?" {
		t.Errorf("an ordinary question became %q", got)
	}
}
