package knowledge

// An Embedder turns sentences into vectors of length one; the nearer two sentences are in meaning, the greater is the
// product of their vectors.
type Embedder interface {
	// Embed appends the vector of a sentence to dst. A text without words gives zeros.
	Embed(dst []float32, text string) []float32
}

// Meaning returns the sentence encoder by which a Base compares meanings. It is read once in a process.
func Meaning() (Embedder, error) {
	m, err := sharedEncoder()
	if err != nil {
		return nil, err
	}
	return m, nil
}
