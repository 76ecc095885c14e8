package eval

import (
	"math/rand/v2"
	"strings"
)

// misspell changes a share of the words of four letters and more by one slip each: two letters swapped, one left out,
// doubled or replaced. The same seed and place give the same slips.
func misspell(s string, rate float64, seed uint64, place int) string {
	if rate <= 0 {
		return s
	}
	rnd := rand.New(rand.NewPCG(seed, uint64(place)))
	words := strings.Fields(s)
	for i, w := range words {
		if len(w) >= 4 && plain(w) && rnd.Float64() < rate {
			words[i] = slip(w, rnd)
		}
	}
	return strings.Join(words, " ")
}

func plain(w string) bool {
	return strings.IndexFunc(w, func(r rune) bool { return r > 126 }) < 0
}

func slip(w string, rnd *rand.Rand) string {
	b := []byte(w)
	i := 1 + rnd.IntN(len(b)-2)
	switch rnd.IntN(4) {
	case 0:
		b[i], b[i+1] = b[i+1], b[i]
	case 1:
		b = append(b[:i], b[i+1:]...)
	case 2:
		b = append(b[:i+1], b[i:]...)
	default:
		b[i] = byte('a' + rnd.IntN(26))
	}
	return string(b)
}
