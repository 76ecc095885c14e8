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
)

//go:embed words.txt.gz
var wordsFile []byte

// A Lexicon is a list of the general words of English with their frequencies. It is immutable.
type Lexicon struct {
	words  []string // sorted
	rarity []uint8  // tenths of a nat
	table  []int32  // open hash table of 1+index
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
	l := &Lexicon{}
	for line := range strings.Lines(string(b)) {
		w, n, _ := strings.Cut(line, " ")
		r := 0
		for _, c := range []byte(strings.TrimSpace(n)) {
			r = r*10 + int(c-'0')
		}
		l.words = append(l.words, w)
		l.rarity = append(l.rarity, uint8(min(r, 255)))
	}
	l.table = make([]int32, 1<<18)
	for i, w := range l.words {
		h := hash(w) & uint32(len(l.table)-1)
		for l.table[h] != 0 {
			h = (h + 1) & uint32(len(l.table)-1)
		}
		l.table[h] = int32(i) + 1
	}
	return l, nil
}

func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}

// Rarity returns how rare a folded word is: the negated natural logarithm of its share of all words of English text,
// between 3 for "the" and 18. The second result is false for a word that is not in the list.
func (l *Lexicon) Rarity(w string) (float64, bool) {
	for h := hash(w) & uint32(len(l.table)-1); l.table[h] != 0; h = (h + 1) & uint32(len(l.table)-1) {
		if i := l.table[h] - 1; l.words[i] == w {
			return float64(l.rarity[i]) / 10, true
		}
	}
	return unseenRarity, false
}

// unseenRarity is the rarity of a word that is not in the list.
const unseenRarity = 18.5

// share is the inverse of rarity.
func share(rarity float64) float64 { return math.Exp(-rarity) }
