package text

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"docent/knowledge/packed"
)

// A Vocabulary is the folded words of a base, by numbers, and how often each occurs. Of a general word it holds only
// where the Lexicon has it. The words are in the order in which a Speller tries them. It is immutable.
type Vocabulary struct {
	lex    *Lexicon
	table  packed.Table
	at     packed.Ints // by word: its number in the Lexicon or, from len(lex.words) on, among its own
	own    string      // the words that the Lexicon lacks, one behind the other
	ownEnd packed.Ints // where each of them ends
	counts packed.Ints // by word
	total  float64
	begin  [maxWord + 2]int32 // where the words of a length begin
}

// NewVocabulary returns the Vocabulary of words, each of which is there once and occurs counts times, and the place of
// each of its words in words.
func NewVocabulary(lex *Lexicon, words []string, counts []int32) (*Vocabulary, []int32) {
	v := &Vocabulary{lex: lex}
	for _, n := range counts {
		v.total += float64(n)
	}
	order := v.order(words, counts)
	at := make([]int32, len(order))
	var own strings.Builder
	var ends []int32
	for i, old := range order {
		w := words[old]
		if at[i] = int32(lex.index(w)); at[i] < 0 {
			at[i] = int32(len(lex.words) + len(ends))
			own.WriteString(w)
			ends = append(ends, int32(own.Len()))
		}
	}
	v.own = strings.Clone(own.String()) // without room to grow
	v.ownEnd = packed.Pack(len(ends), func(i int) uint64 { return uint64(ends[i]) })
	v.at = packed.Pack(len(at), func(i int) uint64 { return uint64(at[i]) })
	v.counts = packed.Pack(len(order), func(i int) uint64 { return uint64(counts[order[i]]) })
	v.table = packed.NewTable(len(order), func(i int) (uint32, uint32) { return packed.Hash(words[order[i]]), uint32(i) })
	return v, order
}

// order returns the words by length, and those of one length by how likely a question has them.
func (v *Vocabulary) order(words []string, counts []int32) []int32 {
	order := make([]int32, len(words))
	priors, class := make([]float32, len(words)), make([]int, len(words))
	for i, w := range words {
		order[i], class[i] = int32(i), lengthClass(w)
		priors[i] = prior(asked(v.lex, v.lex.index(w), float64(counts[i])/v.total))
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(class[a]-class[b], cmp.Compare(priors[b], priors[a]), cmp.Compare(a, b))
	})
	for _, c := range class {
		if c <= maxWord {
			v.begin[c+1]++
		}
	}
	for n := range v.begin[1:] {
		v.begin[n+1] += v.begin[n]
	}
	return order
}

// lengthClass is the length of a word that a misspelt one may be read as, and more than that of any for others.
func lengthClass(w string) int {
	if repairMask(w) == math.MaxUint64 {
		return maxWord + 1
	}
	return len(w)
}

// asked is the share of what people ask of a word that is at i in the Lexicon, or nowhere (-1), and has a share of the base.
func asked(lex *Lexicon, i int, base float64) float64 {
	p := float64(baseShare * base)
	if i >= 0 {
		p += float64((1 - baseShare) * share(float64(lex.rarity[i])/10))
	}
	return p
}

// Find returns the number of a folded word.
func (v *Vocabulary) Find(w string) (int, bool) {
	for p := v.table.Probe(packed.Hash(w)); ; {
		if i := p.Next(); i < 0 || v.Word(i) == w {
			return i, i >= 0
		}
	}
}

// Word returns a word by its number.
func (v *Vocabulary) Word(i int) string {
	k := int(v.at.At(i))
	if k < len(v.lex.words) {
		return v.lex.words[k]
	}
	k -= len(v.lex.words)
	from := uint64(0)
	if k > 0 {
		from = v.ownEnd.At(k - 1)
	}
	return v.own[from:v.ownEnd.At(k)]
}

func (v *Vocabulary) mask(i int) uint64 {
	if k := int(v.at.At(i)); k < len(v.lex.words) {
		return v.lex.masks[k]
	}
	return repairMask(v.Word(i))
}

// share is a word's share of all words of the base.
func (v *Vocabulary) share(i int) float64 { return float64(v.counts.At(i)) / v.total }

func (v *Vocabulary) prior(i int) float32 {
	k := int(v.at.At(i))
	if k >= len(v.lex.words) {
		k = -1
	}
	return prior(asked(v.lex, k, v.share(i)))
}
