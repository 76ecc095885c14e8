package knowledge

import (
	"math"
	"slices"

	"docent/knowledge/encoder"
	"docent/knowledge/text"
)

// pieces are the word pieces of a base's sections that carry a topic, each with its meaning in its sentence. A question
// is held against them piece by piece: a section supports a piece as far as its nearest one goes ("MaxSim").
type pieces struct {
	ids   []int32
	rows  []int8
	by    []float32
	spans []span            // by doc
	docs  map[int32][]int32 // by piece: the docs that have it, in order
}

// A span says where the pieces of a section lie: those of its text in [from, body), those of its other names and example
// questions in [body, to).
type span struct{ from, body, to int32 }

// An asked piece is one of the question's that counts.
type asked struct {
	at   int     // its place among the question's
	tell float64 // how much it tells
}

// add appends those pieces that carry a topic.
func (p *pieces) add(m *encoder.Model, e *encoder.Pieces) {
	for i, id := range e.IDs {
		if !carries(m.Piece(id)) {
			continue
		}
		p.ids = append(p.ids, id)
		p.rows = append(p.rows, e.Rows[i*encoder.PieceDim:][:encoder.PieceDim]...)
		p.by = append(p.by, e.Scale[i])
	}
}

// close ends the section whose pieces start at from and go over to its names at body.
func (p *pieces) close(from, body int) {
	d := int32(len(p.spans))
	p.spans = append(p.spans, span{int32(from), int32(body), int32(len(p.ids))})
	for _, id := range p.ids[from:] {
		if l := p.docs[id]; len(l) == 0 || l[len(l)-1] != d {
			p.docs[id] = append(l, d)
		}
	}
}

// carries reports whether a word piece carries a topic: it is no punctuation and no stop word.
func carries(piece string) bool {
	if len(piece) > 2 && piece[:2] == "##" {
		piece = piece[2:]
	} else if text.Stop(piece) {
		return false
	}
	return len(text.Words(nil, piece)) > 0
}

// weighPieces chooses the question's pieces that count among the docs in [from, to), and how much each tells.
func (v *vectors) weighPieces(lex *text.Lexicon, from, to int32, s *scratch) {
	s.telling = s.telling[:0]
	for i, id := range s.pieces.IDs {
		piece := v.enc.Piece(id)
		if !carries(piece) {
			continue
		}
		first, _ := slices.BinarySearch(v.pieces.docs[id], from)
		past, _ := slices.BinarySearch(v.pieces.docs[id], to)
		s.telling = append(s.telling, asked{i, telling(past-first, int(to-from), pieceShare(lex, piece))})
	}
}

// pieceShare is the share of a word piece in general English. The end of a word says less than a rare word does.
func pieceShare(lex *text.Lexicon, piece string) float64 {
	const rarityOfEnd = 9
	if len(piece) > 2 && piece[:2] == "##" {
		return math.Exp(-rarityOfEnd)
	}
	r, _ := lex.Rarity(piece)
	return math.Exp(-r)
}

// support fills the features of a candidate that come from the question's word pieces.
func (v *vectors) support(c *candidate, s *scratch) {
	if v == nil || len(s.sims) == 0 || len(s.telling) == 0 {
		return
	}
	at := v.pieces.spans[c.doc]
	s.some = resize(s.some, int(at.to-at.from))
	rows, by := v.pieces.rows[int(at.from)*encoder.PieceDim:int(at.to)*encoder.PieceDim], v.pieces.by[at.from:at.to]
	var sum, mass, all, total, most float64
	first := true
	for _, a := range s.telling {
		s.dots(s.some, s.pieces.Rows[a.at*encoder.PieceDim:][:encoder.PieceDim], s.pieces.Scale[a.at], rows, by)
		body := s.inBlocks(a.tell, s.some[:at.body-at.from], first)
		first = false
		anywhere := max(body, greatestOf(s.some[at.body-at.from:]))
		sum += body
		mass += float64(a.tell * body)
		all += float64(a.tell * anywhere)
		total += a.tell
		most = max(most, a.tell)
		c.lacking = max(c.lacking, float64(a.tell*(1-anywhere)))
	}
	c.f[fPieces] = float32(sum / float64(len(s.telling)))
	c.f[fPieceMass] = float32(mass / total)
	c.f[fPieceNear] = float32(greatestOf(s.blocks)) / float32(total)
	c.f[fPieceAny] = float32(all / total)
	c.lacking /= most
}

// stretch is the number of a text's pieces that carry a topic in half a stretch of it: about a sentence.
const stretch = 12

// inBlocks adds the support of a piece of the question by each stretch of a text to s.blocks, and returns the greatest.
func (s *scratch) inBlocks(tell float64, sims []float32, first bool) float64 {
	n := (len(sims) + stretch - 1) / stretch
	if first {
		s.blocks = resize(s.blocks, n)
		clear(s.blocks)
	}
	before, best := float32(0), float32(0)
	for b := range n {
		now := float32(greatestOf(sims[b*stretch : min((b+1)*stretch, len(sims))]))
		s.blocks[b] += float32(float32(tell) * max(before, now))
		before, best = now, max(best, now)
	}
	return float64(best)
}

func greatestOf(s []float32) float64 {
	best := float32(0)
	for _, v := range s {
		best = max(best, v)
	}
	return float64(best)
}
