package knowledge

import "docent/knowledge/encoder"

// An Embedder turns sentences into vectors of length one; the nearer two sentences are in meaning, the greater is the
// product of their vectors. A text without words gives zeros.
type Embedder struct{ model *encoder.Model }

// Heard keeps the meanings of the texts of one exchange, so that none is computed twice. The zero Heard is empty. It is
// for one goroutine at a time.
type Heard struct{ memo encoder.Memo }

// Meaning returns the sentence encoder by which a Base compares meanings. It is read once in a process.
func Meaning() (Embedder, error) {
	m, err := sharedEncoder()
	return Embedder{m}, err
}

// Recall returns the vector of a sentence, which must not be changed. It is in heard, or will be.
func (e Embedder) Recall(heard *Heard, text string) []float32 {
	vec, _ := e.model.Recall(&heard.memo, text)
	return vec
}
