package phrases_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"docent/bot/phrases"
)

// walk calls f with the path and value of every string in v.
func walk(v reflect.Value, path string, f func(path, s string)) {
	switch v.Kind() {
	case reflect.String:
		f(path, v.String())
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), path+"."+v.Type().Field(i).Name, f)
		}
	case reflect.Array:
		for i := range v.Len() {
			walk(v.Index(i), path+"[]", f)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			walk(v.MapIndex(k), path+"["+k.String()+"]", f)
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func placeholders(s string) []string {
	p := placeholder.FindAllString(s, -1)
	slices.Sort(p)
	return p
}

func TestSetsAreCompleteAndAgree(t *testing.T) {
	want := map[string][]string{}
	walk(reflect.ValueOf(*phrases.For("en")), "Set", func(path, s string) { want[path] = placeholders(s) })
	for _, set := range phrases.All() {
		n := 0
		walk(reflect.ValueOf(*set), "Set", func(path, s string) {
			n++
			if s == "" {
				t.Errorf("%s: %s is empty", set.Language, path)
			}
			if got, ok := want[path]; !ok || !slices.Equal(got, placeholders(s)) {
				t.Errorf("%s: %s has placeholders %v, English has %v", set.Language, path, placeholders(s), got)
			}
		})
		if n < 150 {
			t.Errorf("%s: only %d phrases were looked at", set.Language, n)
		}
	}
}

func TestLengths(t *testing.T) {
	for _, set := range phrases.All() {
		limit := func(v any, most int) {
			walk(reflect.ValueOf(v), set.Language, func(path, s string) {
				if n := utf8.RuneCountInString(s); n > most {
					t.Errorf("%s has %d runes, at most %d fit: %q", path, n, most, s)
				}
			})
		}
		limit(set.Commands, 100)
		limit(set.Commands.AskMessage, 32)
		limit(set.Buttons, 34)
		limit(set.Adapter.BotShort, 120)
		limit(set.Adapter.BotAbout, 512)
		limit(set.Adapter.ReasonTitle, 45)
	}
}

// TestNames checks the names of commands by the rules of the platforms that show them.
func TestNames(t *testing.T) {
	name := regexp.MustCompile(`^[-_\p{Ll}\p{N}]{1,32}$`)
	for _, set := range phrases.All() {
		walk(reflect.ValueOf(set.Names), set.Language, func(path, s string) {
			if !name.MatchString(s) {
				t.Errorf("%s: %q cannot name a command", path, s)
			}
		})
	}
}

func TestFor(t *testing.T) {
	for locale, want := range map[string]string{
		"": "en", "en": "en", "en-US": "en", "de": "de", "de-AT": "de", "es-ES": "es", "es-419": "es", "fr-CA": "fr",
		"pt-BR": "pt", "pt": "pt", "ja": "en", "not a locale": "en", "xx": "en",
	} {
		if got := phrases.For(locale).Language; got != want {
			t.Errorf("For(%q) is %s, want %s", locale, got, want)
		}
	}
	if got := phrases.For("ja", "xx", "de-CH", "fr").Language; got != "de" {
		t.Errorf("the first language that there is is %s, want de", got)
	}
}

func TestDate(t *testing.T) {
	day := time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)
	for locale, want := range map[string]string{
		"en": "3 May 2026", "de": "3. Mai 2026", "es": "3 de mayo de 2026", "fr": "3 mai 2026", "pt": "3 de maio de 2026",
	} {
		if got := phrases.For(locale).Date(day); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}

func TestLanguageName(t *testing.T) {
	if got := phrases.For("de").LanguageName("en-GB"); got != "Englisch" {
		t.Errorf("got %q", got)
	}
	if got := phrases.For("de").LanguageName("sw"); got != "sw" {
		t.Errorf("an unlisted language: %q", got)
	}
}

// claims are ways of saying that one is a person or a clinician, in any language.
var claims = regexp.MustCompile(`(?i)\b(?:I am|I'm|I’m|ich bin|soy|je suis|eu sou|sou)(?: an?| eine?| une?| uma?)? (?:human|person|doctor|clinician|nurse|expert|mensch|arzt|ärztin|persona|médico|médica|humano|médecin|humain|pessoa)\b`)

// denials are the same with a no.
var denials = regexp.MustCompile(`(?i)\b(?:não sou|no soy)\b`)

// TestFixedRepliesAreHonestAndShort looks at all that the bot says by itself: no claim to be a person or a clinician, and
// nothing that takes long to read.
func TestFixedRepliesAreHonestAndShort(t *testing.T) {
	for _, set := range phrases.All() {
		walk(reflect.ValueOf(*set), set.Language, func(path, s string) {
			if claims.MatchString(denials.ReplaceAllString(s, "")) {
				t.Errorf("%s claims to be somebody: %q", path, s)
			}
			if n := utf8.RuneCountInString(s); n > 260 && !strings.HasSuffix(path, "BotAbout") {
				t.Errorf("%s has %d runes", path, n)
			}
		})
		for path, s := range map[string]string{"Who": set.Talk.Who, "Robot": set.Talk.Robot, "Program": set.Safety.Program} {
			if !programs.MatchString(s) {
				t.Errorf("%s %s does not say that a program speaks: %q", set.Language, path, s)
			}
		}
	}
	if !claims.MatchString("I'm a doctor.") || claims.MatchString("I'm not a doctor.") {
		t.Error("the test sees the wrong claims")
	}
}

var programs = regexp.MustCompile(`(?i)program`)
