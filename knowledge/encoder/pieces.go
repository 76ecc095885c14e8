package encoder

import "math"

// Pieces are the word pieces of a text, without the marks at its ends, each with a vector of its own: what it means in
// this text. The vectors have length one, so the cosine of two is Dot of their rows times both scales.
type Pieces struct {
	IDs   []int32   // places in the vocabulary: see Piece
	Rows  []int8    // PieceDim values each
	Scale []float32 // of the rows
}

// Piece is the text of a word piece. One that goes on with the word before it starts with "##".
func (m *Model) Piece(id int32) string { return m.pieces[id] }

// EmbedPieces is Embed that also gives the text's word pieces, of which p's memory is reused.
func (m *Model) EmbedPieces(dst []float32, p *Pieces, text string) []float32 {
	return m.embedPieces(dst, p, text, MaxQuery)
}

// EmbedPassagePieces is EmbedPassage that also gives the text's word pieces, of which p's memory is reused.
func (m *Model) EmbedPassagePieces(dst []float32, p *Pieces, text string) []float32 {
	return m.embedPieces(dst, p, text, MaxPassage)
}

func (m *Model) embedPieces(dst []float32, p *Pieces, text string, limit int) []float32 {
	s := m.scratch()
	defer m.release(s)
	ids := m.vocab.tokenize(&s.tok, text, limit)
	n := len(dst)
	dst = append(dst, make([]float32, Dim)...)
	p.IDs, p.Rows, p.Scale = p.IDs[:0], p.Rows[:0], p.Scale[:0]
	if len(ids) > 2 {
		m.forward(s, ids)
		s.mean(len(ids), dst[n:])
		p.IDs = append(p.IDs, ids[1:len(ids)-1]...)
		m.project(s, len(ids), p)
	}
	return dst
}

// project turns the rows of s.x into short ones: less their mean, along the directions in which they differ most.
func (m *Model) project(s *scratch, n int, p *Pieces) {
	for t := range n {
		row := s.y[t*Dim:][:Dim]
		copy(row, s.x[t*Dim:][:Dim])
		unit(row)
		for i := range row {
			row[i] -= m.mean[i]
		}
	}
	for t := 0; t < n; t += 4 {
		for c := 0; c < PieceDim; c += panel {
			m.product(s.wide[t*PieceDim+c:], PieceDim, s.y[t*Dim:], Dim, m.basis[c:], PieceDim, Dim)
		}
	}
	for t := 1; t < n-1; t++ {
		row := s.wide[t*PieceDim:][:PieceDim]
		unit(row)
		var scale float32
		p.Rows, scale = appendQuantized(p.Rows, row)
		p.Scale = append(p.Scale, scale)
	}
}

// appendQuantized is Quantize that appends to dst.
func appendQuantized(dst []int8, vec []float32) ([]int8, float32) {
	var most float32
	for _, v := range vec {
		most = max(most, v, -v)
	}
	if most < 1e-20 {
		return append(dst, make([]int8, len(vec))...), 0
	}
	inv := 127 / most
	for _, v := range vec {
		dst = append(dst, int8(math.Float32bits(float32(v*inv)+roundMagic)))
	}
	return dst, most / 127
}

// States gives the vectors of a text's word pieces as the network leaves them, brought to length one, Dim values each.
// It is for finding the directions that EmbedPieces keeps.
func (m *Model) States(text string) [][]float32 {
	s := m.scratch()
	defer m.release(s)
	ids := m.vocab.tokenize(&s.tok, text, MaxPassage)
	m.forward(s, ids)
	var out [][]float32
	for t := 1; t < len(ids)-1; t++ {
		row := append([]float32(nil), s.x[t*Dim:][:Dim]...)
		unit(row)
		out = append(out, row)
	}
	return out
}
