//go:build !purego

package encoder

import (
	"slices"
	"testing"
)

// AVX2 and AVX-512 must give the same bits.
func TestNarrowIsWide(t *testing.T) {
	if !wide {
		t.Skip("no AVX-512 with VNNI on this processor")
	}
	defer func() { wide = true }()
	m := load(t)
	for _, text := range append(nasty(), "Is it safe?", "How long does it take until the pain goes away?") {
		var pieces [2]Pieces
		var vectors [2][]float32
		var dots [2]int32
		for i := range vectors {
			wide = i == 1
			vectors[i] = m.EmbedPassagePieces(nil, &pieces[i], text)
			q, _ := Quantize(vectors[i])
			dots[i] = Dot(q, q)
		}
		if !slices.Equal(vectors[0], vectors[1]) || !slices.Equal(pieces[0].Rows, pieces[1].Rows) || dots[0] != dots[1] {
			t.Errorf("%.40q: AVX-512 gives other numbers", text)
		}
	}
}
