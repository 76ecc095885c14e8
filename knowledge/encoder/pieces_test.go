package encoder

import (
	"math"
	"slices"
	"testing"
)

func TestPieces(t *testing.T) {
	m := load(t)
	var p Pieces
	v := m.EmbedPieces(nil, &p, "Unhappiness hurts.")
	if !slices.Equal(v, m.Embed(nil, "Unhappiness hurts.")) {
		t.Error("another vector of the text than from Embed")
	}
	var words []string
	for _, id := range p.IDs {
		words = append(words, m.Piece(id))
	}
	if want := []string{"un", "##ha", "##pp", "##iness", "hurts", "."}; !slices.Equal(words, want) {
		t.Errorf("pieces %q, want %q", words, want)
	}
	if len(p.Rows) != PieceDim*len(p.IDs) || len(p.Scale) != len(p.IDs) {
		t.Fatalf("%d values and %d scales of %d pieces", len(p.Rows), len(p.Scale), len(p.IDs))
	}
	for i := range p.IDs {
		if c := p.cosine(i, &p, i); math.Abs(c-1) > .01 {
			t.Errorf("piece %d: squared length %v", i, c)
		}
	}
	if m.EmbedPieces(nil, &p, ""); len(p.IDs)+len(p.Rows)+len(p.Scale) != 0 {
		t.Error("pieces of nothing")
	}
}

func (p *Pieces) cosine(i int, o *Pieces, k int) float64 {
	d := Dot(p.Rows[i*PieceDim:][:PieceDim], o.Rows[k*PieceDim:][:PieceDim])
	return float64(d) * float64(p.Scale[i]) * float64(o.Scale[k])
}

// A word is nearer to itself in the same sense than in another one.
func TestPiecesKnowTheirSurroundings(t *testing.T) {
	m := load(t)
	at := func(text, word string) (*Pieces, int) {
		p := &Pieces{}
		m.EmbedPassagePieces(nil, p, text)
		i := slices.IndexFunc(p.IDs, func(id int32) bool { return m.Piece(id) == word })
		if i < 0 {
			t.Fatalf("%q: no piece %s", text, word)
		}
		return p, i
	}
	a, i := at("He put his money into a bank account.", "bank")
	b, j := at("The bank would not lend us any money.", "bank")
	c, k := at("We sat on the bank of the river and fished.", "bank")
	if same, other := a.cosine(i, b, j), a.cosine(i, c, k); same < other+.04 {
		t.Errorf("the same sense %.3f, another %.3f", same, other)
	}
}

func TestPiecesWithoutKernels(t *testing.T) {
	if !hasKernels() {
		t.Skip("no kernels on this processor")
	}
	var a, b Pieces
	load(t).EmbedPieces(nil, &a, "does it help against migraines")
	plain(t).EmbedPieces(nil, &b, "does it help against migraines")
	if !slices.Equal(a.Rows, b.Rows) || !slices.Equal(a.Scale, b.Scale) {
		t.Error("other bits without kernels")
	}
}
