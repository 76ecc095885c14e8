package encoder

// maxMemo is the number of texts that a Memo keeps.
const maxMemo = 8

// A Memo keeps what was computed of a few texts, so that none is computed twice. The zero Memo is empty. It is for one
// Model and for one goroutine at a time.
type Memo struct{ kept []kept }

type kept struct {
	text   string
	vec    []float32
	pieces Pieces
}

// Recall gives a text's vector and word pieces, as EmbedPieces does. They are the memo's, must not be
// changed, and are good until the next call.
func (m *Model) Recall(memo *Memo, text string) ([]float32, *Pieces) {
	for i := range memo.kept {
		if k := &memo.kept[i]; k.text == text {
			return k.vec, &k.pieces
		}
	}
	if len(memo.kept) == maxMemo {
		memo.kept = append(memo.kept[:0], memo.kept[1:]...)
	}
	k := kept{text: text}
	k.vec = m.EmbedPieces(nil, &k.pieces, text)
	memo.kept = append(memo.kept, k)
	last := &memo.kept[len(memo.kept)-1]
	return last.vec, &last.pieces
}
