package text

import (
	"maps"
	"math"
	"math/rand/v2"
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

// TestRepairFindsTheLikeliest holds the speller to the plain way: to look at every word that it knows.
func TestRepairFindsTheLikeliest(t *testing.T) {
	lex, err := English()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 3))
	counts := map[string]int32{}
	var misspelt []string
	for len(counts) < 3000 {
		w := lex.words[r.IntN(len(lex.words))]
		if r.IntN(4) == 0 {
			w += string(rune('a'+r.IntN(26))) + "q"
		}
		counts[w] = 1 + int32(r.ExpFloat64()*20)
		if len(counts)%250 == 0 && len(w) > 4 {
			i := 1 + r.IntN(len(w)-2)
			misspelt = append(misspelt, w[:i]+w[i+1:], w[:i]+string(w[i+1])+string(w[i])+w[i+2:], w[:i]+"e"+w[i:])
		}
	}
	v := vocabulary(lex, counts)
	for w, n := range counts {
		if i, ok := v.Find(w); !ok || v.Word(i) != w || v.counts.At(i) != uint64(n) {
			t.Fatalf("%q is not found, or not %d times", w, n)
		}
	}
	s := NewSpeller(v)
	for _, w := range misspelt {
		got, _ := s.Repair(w)
		if want := likeliest(s, w); got != want {
			t.Errorf("Repair(%q) = %q, want %q", w, got, want)
		}
	}
}

// likeliest repairs a word by looking at every word.
func likeliest(s *Speller, w string) string {
	if len(w) < 4 || len(w) > maxWord || !lettersOnly(w) || s.Known(w) {
		return ""
	}
	best, score := "", keepAsIs
	if rarity, ok := s.words.lex.Rarity(w); ok {
		score = -rarity + math.Log(1-baseShare)
	}
	limit := maxCost(len(w))
	consider := func(c string) {
		if len(c) < 3 || len(c) > maxWord || !lettersOnly(c) || len(c) < len(w)-int(limit+0.5) || len(c) > len(w)+int(limit+0.5) {
			return
		}
		share := 0.0
		if i, ok := s.words.Find(c); ok {
			share = s.words.share(i)
		}
		cost := editCost(w, c, limit)
		v := float64(prior(asked(s.words.lex, s.words.lex.index(c), share))) - float64(costPerEdit*cost)
		if cost <= limit && !prefixed(w, c) && (v > score || v == score && c < best) {
			best, score = c, v
		}
	}
	for _, c := range s.words.lex.words {
		consider(c)
	}
	for i := range s.words.counts.Len() {
		consider(s.words.Word(i))
	}
	if two, v := s.split(w); v > score {
		return two
	}
	return best
}
