package text

import (
	"math"
	"math/bits"
	"unicode/utf8"
)

// A Speller repairs misspelt words. It knows the words of a base and, so that a right word is not taken for a wrong one,
// the general words of English. It is immutable and safe for concurrent use.
type Speller struct{ words *Vocabulary }

// maxWord is the length in bytes of the longest word that is repaired.
const maxWord = 24

// Weights of the noisy channel, in nats.
const (
	costPerEdit = 5.0
	leastEdit   = 0.6   // what the smallest slip costs
	keepAsIs    = -19.0 // score of leaving an unknown word alone
	baseShare   = 0.6   // share of the base's own words in what people ask
)

// NewSpeller returns a Speller for a base with these words.
func NewSpeller(v *Vocabulary) *Speller { return &Speller{v} }

// prior is the natural logarithm of a word's share of what people ask, which is above nothing for every word.
func prior(p float64) float32 { return float32(math.Log(p + 1e-9)) }

// Known reports whether a folded word is one of the base or a general word of some frequency.
func (s *Speller) Known(w string) bool {
	if _, ok := s.words.Find(w); ok {
		return true
	}
	r, ok := s.words.lex.Rarity(w)
	return ok && r < 15.5
}

// A repair is the search for what a misspelt word was meant to be.
type repair struct {
	w     string
	mask  uint64
	limit float64 // greatest cost of its slips
	edits int     // and their greatest number
	best  string
	score float64
}

// Repair returns the word that a folded word was probably meant to be: another single word, or two words with a space.
// It returns false when the word is known, too short to judge, or more likely right than wrong.
func (s *Speller) Repair(w string) (string, bool) {
	if len(w) < 4 || len(w) > maxWord || !lettersOnly(w) || s.Known(w) {
		return "", false
	}
	r := repair{w: w, mask: letterMask(w), limit: maxCost(len(w)), score: keepAsIs}
	r.edits = int(r.limit + 0.5)
	if rarity, ok := s.words.lex.Rarity(w); ok { // a rare but right word
		r.score = -rarity + math.Log(1-baseShare)
	}
	for n := max(3, len(w)-r.edits); n <= min(maxWord, len(w)+r.edits); n++ {
		r.among(s.words, n)
		r.amongGeneral(s.words.lex, n)
	}
	if two, v := s.split(w); v > r.score {
		r.best = two
	}
	return r.best, r.best != ""
}

// among tries the base's words of a length, the likeliest first.
func (r *repair) among(v *Vocabulary, n int) {
	const often = 64 // words between two looks at whether any can still win
	for i := v.begin[n]; i < v.begin[n+1]; i++ {
		near := r.near(v.mask(int(i)))
		if !near && i%often != 0 {
			continue
		}
		p := v.prior(int(i))
		if r.hopeless(p) {
			return
		}
		if near {
			r.try(v.Word(int(i)), p)
		}
	}
}

// amongGeneral tries the general words of a length, as if no base had them: to those that the base has, among gives more.
func (r *repair) amongGeneral(l *Lexicon, n int) {
	from, to := l.begin[n], l.begin[n+1]
	rarity, words := l.rarity[from:to], l.words[from:to]
	for i, m := range l.masks[from:to] {
		if r.hopeless(l.prior[rarity[i]]) {
			return
		}
		if r.near(m) {
			r.try(words[i], l.prior[rarity[i]])
		}
	}
}

// hopeless reports whether no word with this prior or a lower one can be what was meant.
func (r *repair) hopeless(prior float32) bool {
	return float64(prior)-float64(costPerEdit*leastEdit) < r.score
}

// near reports whether a word of these letters may be few enough edits away.
func (r *repair) near(m uint64) bool {
	return bits.OnesCount64(m&^r.mask) <= r.edits && bits.OnesCount64(r.mask&^m) <= r.edits
}

// try takes a word when it is likelier than the best one so far.
func (r *repair) try(word string, prior float32) {
	c := editCost(r.w, word, r.limit)
	if c > r.limit || prefixed(r.w, word) {
		return
	}
	if v := float64(prior) - float64(costPerEdit*c); v > r.score || v == r.score && word < r.best {
		r.best, r.score = word, v
	}
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
	p := 0.0
	if i, ok := s.words.Find(w); ok {
		p = float64(baseShare * s.words.share(i))
	}
	if r, ok := s.words.lex.Rarity(w); ok {
		p += float64((1 - baseShare) * share(r))
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

// repairMask is the letterMask of a word that a misspelt one may be read as. Of others it has all bits, which no word is
// near to.
func repairMask(w string) uint64 {
	if len(w) < 3 || len(w) > maxWord || !lettersOnly(w) {
		return math.MaxUint64
	}
	return letterMask(w)
}
