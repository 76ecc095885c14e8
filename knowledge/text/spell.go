package text

import (
	"math"
	"math/bits"
	"sort"
	"unicode/utf8"
)

// A Speller repairs misspelt words. It knows the words of a base and, so that a right word is not taken for a wrong one,
// the general words of English. It is immutable and safe for concurrent use.
type Speller struct {
	lex     *Lexicon
	base    map[string]float64 // share of the base's words
	buckets [maxWord + 1]bucket
}

// maxWord is the length in bytes of the longest word that is repaired.
const maxWord = 24

// A bucket holds the candidates of one length, the likeliest first.
type bucket struct {
	masks []uint64
	words []string
	prior []float32 // natural logarithm of the word's share
}

// Weights of the noisy channel, in nats.
const (
	costPerEdit = 5.0
	leastEdit   = 0.6   // what the smallest slip costs
	keepAsIs    = -19.0 // score of leaving an unknown word alone
	baseShare   = 0.6   // share of the base's own words in what people ask
)

// NewSpeller returns a Speller for a base whose folded words occur counts times.
func NewSpeller(lex *Lexicon, counts map[string]int) *Speller {
	s := &Speller{lex: lex, base: make(map[string]float64, len(counts))}
	total := 0
	for _, n := range counts {
		total += n
	}
	for w, n := range counts {
		s.base[w] = float64(n) / float64(total)
	}
	for i, w := range lex.words {
		s.add(w, (1-baseShare)*share(float64(lex.rarity[i])/10)+baseShare*s.base[w])
	}
	for _, w := range sortedKeys(counts) {
		if _, known := lex.Rarity(w); !known {
			s.add(w, baseShare*s.base[w])
		}
	}
	for i := range s.buckets {
		sort.Stable(byPrior{&s.buckets[i]})
	}
	return s
}

// byPrior sorts a bucket.
type byPrior struct{ *bucket }

func (b byPrior) Len() int           { return len(b.words) }
func (b byPrior) Less(i, k int) bool { return b.prior[i] > b.prior[k] }
func (b byPrior) Swap(i, k int) {
	b.masks[i], b.masks[k] = b.masks[k], b.masks[i]
	b.words[i], b.words[k] = b.words[k], b.words[i]
	b.prior[i], b.prior[k] = b.prior[k], b.prior[i]
}

func (s *Speller) add(w string, p float64) {
	if len(w) < 3 || len(w) > maxWord || !lettersOnly(w) {
		return
	}
	b := &s.buckets[len(w)]
	b.masks = append(b.masks, letterMask(w))
	b.words = append(b.words, w)
	b.prior = append(b.prior, float32(math.Log(p+1e-9)))
}

// Known reports whether a folded word is one of the base or a general word of some frequency.
func (s *Speller) Known(w string) bool {
	if _, ok := s.base[w]; ok {
		return true
	}
	r, ok := s.lex.Rarity(w)
	return ok && r < 15.5
}

// Repair returns the word that a folded word was probably meant to be: another single word, or two words with a space.
// It returns false when the word is known, too short to judge, or more likely right than wrong.
func (s *Speller) Repair(w string) (string, bool) {
	if len(w) < 4 || len(w) > maxWord || !lettersOnly(w) || s.Known(w) {
		return "", false
	}
	best, score := "", keepAsIs
	if r, ok := s.lex.Rarity(w); ok { // a rare but right word
		score = -r + math.Log(1-baseShare)
	}
	limit := maxCost(len(w))
	mask := letterMask(w)
	edits := int(limit + 0.5)
	for n := max(3, len(w)-edits); n <= min(maxWord, len(w)+edits); n++ {
		b := &s.buckets[n]
		for i, m := range b.masks {
			if float64(b.prior[i])-float64(costPerEdit*leastEdit) < score {
				break // neither this word nor a rarer one
			}
			if bits.OnesCount64(m&^mask) > edits || bits.OnesCount64(mask&^m) > edits {
				continue
			}
			c := editCost(w, b.words[i], limit)
			if c > limit || prefixed(w, b.words[i]) {
				continue
			}
			if v := float64(b.prior[i]) - float64(costPerEdit*c); v > score || v == score && b.words[i] < best {
				best, score = b.words[i], v
			}
		}
	}
	if two, v := s.split(w); v > score {
		best = two
	}
	return best, best != ""
}

// prefixed reports whether w is c behind a prefix, as "esketamine" is: another word, not a misspelling.
func prefixed(w, c string) bool {
	return len(w) >= len(c)+2 && w[len(w)-len(c):] == c
}

// split reads a word as two general words written together.
func (s *Speller) split(w string) (string, float64) {
	best, score := "", math.Inf(-1)
	for i := 3; i+3 <= len(w); i++ {
		a, b := s.logShare(w[:i]), s.logShare(w[i:])
		if a < -12 || b < -12 {
			continue
		}
		if v := a + b + 3; v > score { // two independent words, less often written together than apart
			best, score = w[:i]+" "+w[i:], v
		}
	}
	return best, score
}

func (s *Speller) logShare(w string) float64 {
	p := baseShare * s.base[w]
	if r, ok := s.lex.Rarity(w); ok {
		p += (1 - baseShare) * share(r)
	}
	return math.Log(p + 1e-12)
}

func maxCost(n int) float64 {
	switch {
	case n <= 4:
		return 1
	case n <= 7:
		return 1.7
	case n <= 10:
		return 2.3
	}
	return 3
}

func lettersOnly(w string) bool {
	for i := range len(w) {
		if c := w[i]; (c < 'a' || c > 'z') && c < utf8.RuneSelf {
			return false
		}
	}
	return true
}

// letterMask has a bit for each letter that stands in a word, and one for each that stands there twice.
func letterMask(w string) uint64 {
	m := uint64(0)
	for i := range len(w) {
		bit := uint64(1) << (w[i] & 31)
		m |= m&bit<<32 | bit
	}
	return m
}
