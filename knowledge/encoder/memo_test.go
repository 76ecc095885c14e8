package encoder

import (
	"slices"
	"strconv"
	"testing"
)

func TestRecall(t *testing.T) {
	m := load(t)
	var memo Memo
	const text = "Is it safe?"
	var pieces Pieces
	want := m.EmbedPieces(nil, &pieces, text)
	vec, p := m.Recall(&memo, text)
	if !slices.Equal(vec, want) || !slices.Equal(p.Rows, pieces.Rows) || !slices.Equal(p.IDs, pieces.IDs) {
		t.Error("other numbers than EmbedPieces gives")
	}
	for i := range maxMemo - 1 {
		m.Recall(&memo, strconv.Itoa(i))
	}
	if again, _ := m.Recall(&memo, text); &again[0] != &vec[0] {
		t.Error("computed twice")
	}
	m.Recall(&memo, "one more")
	if len(memo.kept) != maxMemo {
		t.Errorf("%d texts are kept", len(memo.kept))
	}
	if again, _ := m.Recall(&memo, text); &again[0] == &vec[0] || !slices.Equal(again, want) {
		t.Error("the oldest text is kept, or another in its place")
	}
}
