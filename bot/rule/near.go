package rule

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// margin is how much nearer a text must be to an example of a rule than to any example of something else.
const margin = 0.05

// An Embed returns the vector of a sentence, of length one. The product of two vectors says how near their sentences are
// in meaning, at most 1.
type Embed func(text string) []float32

// A Near finds rules by meaning: those whose examples say about the same as a text in other words. It is immutable and
// safe for use by several goroutines.
type Near struct {
	set      *Set
	examples []example
	vectors  []float32 // one after the other
	dim      int
}

// An example is a sentence of a rule file.
type example struct {
	rule *Rule
	text string
	no   bool
}

// examples returns the sentences that are compared by meaning: those of rules in English and in no language, because the
// encoder knows English.
func (s *Set) examples() []example {
	var out []example
	for _, r := range s.rules {
		if r.Language != "en" && r.Language != "und" {
			continue
		}
		for _, list := range []struct {
			texts []string
			no    bool
		}{{r.Yes, false}, {r.Like, false}, {r.No, true}} {
			for _, text := range list.texts {
				out = append(out, example{r, text, list.no})
			}
		}
	}
	return out
}

// Vectors computes what NewNear reads: a digest of the examples and their vectors, each as a scale and small whole numbers.
func (s *Set) Vectors(embed Embed) []byte {
	examples := s.examples()
	out := digest(examples)
	for _, e := range examples {
		v := embed(e.text)
		var most float32
		for _, x := range v {
			most = max(most, x, -x)
		}
		scale := most / math.MaxInt8
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(scale))
		for _, x := range v {
			out = append(out, byte(int8(math.Round(float64(x/max(scale, math.SmallestNonzeroFloat32))))))
		}
	}
	return out
}

func digest(examples []example) []byte {
	h := sha256.New()
	for _, e := range examples {
		fmt.Fprintf(h, "%s %q %v\n", e.rule.ID, e.text, e.no)
	}
	return h.Sum(nil)
}

// errStale says that vectors do not belong to the examples.
var errStale = errors.New("the vectors are not those of the examples: make them again")

// NewNear returns the Near of a Set from what Vectors computed for it.
func NewNear(s *Set, vectors []byte) (*Near, error) {
	n := &Near{set: s, examples: s.examples()}
	if len(n.examples) == 0 || len(vectors) < sha256.Size || !slices.Equal(digest(n.examples), vectors[:sha256.Size]) {
		return nil, errStale
	}
	const scaleSize = 4
	vectors = vectors[sha256.Size:]
	n.dim = len(vectors)/len(n.examples) - scaleSize
	if n.dim < 1 || len(vectors)%len(n.examples) != 0 {
		return nil, errStale
	}
	for row := range slices.Chunk(vectors, scaleSize+n.dim) {
		scale := math.Float32frombits(binary.LittleEndian.Uint32(row))
		for _, b := range row[scaleSize:] {
			n.vectors = append(n.vectors, float32(int8(b))*scale)
		}
	}
	return n, nil
}

// maxSentences is how many sentences of a text are compared, each by itself.
const maxSentences = 6

// First returns the rule of the given kinds that has the example nearest to text or to one of its sentences, or nil: where
// the text is not as near to it as the rule wants, where it is nearer to an example of something else, or where the rule's
// exceptions match.
func (n *Near) First(text string, embed Embed, kinds ...string) *Rule {
	for _, t := range append([]string{text}, sentences(text)...) {
		if r := n.nearest(t, embed, kinds); r != nil {
			return r
		}
	}
	return nil
}

// sentences returns the sentences of a text that has several, of three words or more, because the encoder does not read
// long texts to their end.
func sentences(text string) []string {
	var out []string
	for s := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(".?!;\n", r) }) {
		if len(strings.Fields(s)) >= 3 && len(out) < maxSentences {
			out = append(out, s)
		}
	}
	if len(out) == 1 && len(strings.Fields(out[0])) == len(strings.Fields(text)) {
		return nil
	}
	return out
}

func (n *Near) nearest(text string, embed Embed, kinds []string) *Rule {
	m := n.set.vocab.read(text)
	v := embed(text)
	if len(v) != n.dim {
		return nil
	}
	var best *Rule
	nearest, other := 0.0, 0.0
	for i, e := range n.examples {
		like := dot(v, n.vectors[i*n.dim:(i+1)*n.dim])
		switch {
		case e.no || !slices.Contains(kinds, e.rule.Kind):
			other = max(other, like)
		case like > nearest && e.rule.near > 0 && like >= e.rule.near && !anyMatch(e.rule.unless, m):
			best, nearest = e.rule, like
		}
	}
	if best == nil || nearest < other+margin {
		return nil
	}
	return best
}

func dot(a, b []float32) float64 {
	var sum float32
	for i := range a {
		sum += float32(a[i] * b[i]) // not fused: the same on every machine
	}
	return float64(sum)
}
