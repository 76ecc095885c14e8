package text

import (
	"maps"
	"slices"
	"testing"
)

func speller(t testing.TB) *Speller {
	t.Helper()
	lex, err := English()
	if err != nil {
		t.Fatal(err)
	}
	return NewSpeller(vocabulary(lex, map[string]int32{
		"ketamine": 30, "depression": 6, "migraines": 2, "neuropathic": 1, "antidepressants": 2, "alzheimer": 1,
		"parkinson": 1, "anesthetic": 5, "dependence": 2, "fossils": 1, "carvings": 1, "synaptogenesis": 1, "trauma": 3, "nmda": 2,
	}))
}

func vocabulary(lex *Lexicon, counts map[string]int32) *Vocabulary {
	var words []string
	var times []int32
	for _, w := range slices.Sorted(maps.Keys(counts)) {
		words, times = append(words, w), append(times, counts[w])
	}
	v, _ := NewVocabulary(lex, words, times)
	return v
}

func TestRepair(t *testing.T) {
	s := speller(t)
	for w, want := range map[string]string{
		"ketmaine": "ketamine", "deppresion": "depression", "migranes": "migraines", "neuropatic": "neuropathic",
		"alzhiemers": "alzheimer", "parkinsins": "parkinson", "braincells": "brain cells", "anasthetic": "anesthetic", "dependance": "dependence", "truama": "trauma",
		"ndma": "nmda", "synaptogensis": "synaptogenesis", "surgicl": "surgical", "emergancy": "emergency",
	} {
		got, ok := s.Repair(w)
		if !ok || got != want {
			t.Errorf("Repair(%q) = %q, %v; want %q", w, got, ok, want)
		}
	}
	for _, w := range []string{"tonsils", "cravings", "esketamine", "xyzzyq", "heroin", "booze", "asdf", "q1", "the", "ketamine"} {
		if got, ok := s.Repair(w); ok {
			t.Errorf("Repair(%q) = %q; want it left alone", w, got)
		}
	}
}

func BenchmarkRepair(b *testing.B) {
	s := speller(b)
	for b.Loop() {
		s.Repair("neuropatic")
	}
}
