package text

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"

	"docent/knowledge/packed"
)

//go:embed words.txt.gz
var wordsFile []byte

// A Lexicon is a list of the general words of English with their frequencies, the shorter words first and of one length
// the commoner ones: the order in which a Speller tries them. It is immutable, and all bases of a process share it.
type Lexicon struct {
	words  []string
	rarity []uint8            // tenths of a nat
	masks  []uint64           // of the letters of words that a misspelt one may be read as; of others all bits
	table  []int32            // open hash table of 1+index
	begin  [maxWord + 2]int32 // where the words of a length begin
	prior  [256]float32       // by rarity: a word's natural logarithm of its share of a question, if no base has it
}

// English returns the built-in Lexicon. It is read once; the error says that the program's file is damaged.
var English = sync.OnceValues(func() (*Lexicon, error) { return readLexicon(wordsFile) })

func readLexicon(gz []byte) (*Lexicon, error) {
	z, err := gzip.NewReader(bytes.NewReader(gz))
	if err != nil {
		return nil, fmt.Errorf("read the word list: %w; the program is damaged: install it again", err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("read the word list: %w; the program is damaged: install it again", err)
	}
	var words []string
	var rarity []uint8
	for line := range strings.Lines(string(b)) {
		w, n, _ := strings.Cut(line, " ")
		r := 0
		for _, c := range []byte(strings.TrimSpace(n)) {
			r = r*10 + int(c-'0')
		}
		words, rarity = append(words, w), append(rarity, uint8(min(r, 255)))
	}
	return newLexicon(words, rarity), nil
}

func newLexicon(words []string, rarity []uint8) *Lexicon {
	l := &Lexicon{table: make([]int32, 1<<18), words: make([]string, len(words)), rarity: make([]uint8, len(words)), masks: make([]uint64, len(words))}
	for r := range l.prior {
		l.prior[r] = prior(float64((1 - baseShare) * share(float64(r)/10)))
	}
	for i, old := range l.order(words, rarity) {
		w := words[old]
		l.words[i], l.rarity[i], l.masks[i] = w, rarity[old], repairMask(w)
		h := packed.Hash(w) & uint32(len(l.table)-1)
		for l.table[h] != 0 {
			h = (h + 1) & uint32(len(l.table)-1)
		}
		l.table[h] = int32(i) + 1
	}
	return l
}

// order returns the words by length and rarity, and notes where those of each length begin.
func (l *Lexicon) order(words []string, rarity []uint8) []int32 {
	var next [(maxWord + 2) << 8]int32
	class := func(i int) int { return min(len(words[i]), maxWord+1)<<8 | int(rarity[i]) }
	for i := range words {
		next[class(i)]++
	}
	sum := int32(0)
	for c, n := range next {
		if c&0xff == 0 {
			l.begin[c>>8] = sum
		}
		next[c] = sum
		sum += n
	}
	order := make([]int32, len(words))
	for i := range words {
		c := class(i)
		order[next[c]] = int32(i)
		next[c]++
	}
	return order
}

// index returns the number of a folded word, or -1.
func (l *Lexicon) index(w string) int {
	for h := packed.Hash(w) & uint32(len(l.table)-1); l.table[h] != 0; h = (h + 1) & uint32(len(l.table)-1) {
		if i := l.table[h] - 1; l.words[i] == w {
			return int(i)
		}
	}
	return -1
}

// Rarity returns how rare a folded word is: the negated natural logarithm of its share of all words of English text,
// between 3 for "the" and 18. The second result is false for a word that is not in the list.
func (l *Lexicon) Rarity(w string) (float64, bool) {
	if i := l.index(w); i >= 0 {
		return float64(l.rarity[i]) / 10, true
	}
	return unseenRarity, false
}

// unseenRarity is the rarity of a word that is not in the list.
const unseenRarity = 18.5

// share is the inverse of rarity.
func share(rarity float64) float64 { return math.Exp(-rarity) }
