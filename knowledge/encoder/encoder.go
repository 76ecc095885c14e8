// Package encoder turns a sentence into a vector that stands for its meaning: sentences that say the same thing in
// other words get vectors that point the same way.
//
// It runs the model all-MiniLM-L6-v2 (see LICENSE-model.md) in plain Go, with int8 weights that are part of the
// program. A text gives the same vector, bit for bit, on every machine: the big products are whole-number
// arithmetic, and all other arithmetic is done in one defined order, whether the processor's vector instructions are
// used or not. That is why this package has its own exponential, and why products are converted explicitly to float32
// before they are added (which forbids the compiler to fuse the two operations).
//
// There are kernels in assembly for amd64 with AVX2, or AVX-512 with VNNI, and for arm64; the build tag purego leaves
// them out.
//
// A table of one vector a word piece, distilled from the model on sentences, takes 4 µs a question instead of 1 to 2 ms.
// It was measured in the model's place: with the same features and its own weights it finds the right section first in
// .85 of the questions of stackfaq (the model in .96) and in .52 of covidfaq's (.73), whatever its size and its text.
//
// The package knows nothing of articles, questions or scores.
package encoder

import (
	_ "embed"
	"fmt"
	"sync"
)

// Dim is the number of values in the vector of a text, PieceDim in that of a word piece.
const (
	Dim      = 384
	PieceDim = 96
)

// Limits of a text, in word pieces, the model's two marks at both ends included. What is beyond them is not read.
const (
	MaxQuery   = 48  // Embed
	MaxPassage = 256 // EmbedPassage
)

// modelFile is what convert wrote. A string, so that nothing can write to it.
//
//go:embed model.bin
var modelFile string

// Model is a sentence encoder. Load or Parse make one; it may be used by many goroutines at once.
type Model struct {
	vocab  vocabulary
	pieces []string  // the vocabulary in order
	words  []int8    // one row of Dim a word piece
	scales []float32 // of the rows of words
	places []float32 // one row of Dim a position
	first  layerNorm
	layers []layer
	gelu   []float32
	mean   []float32 // of the vectors of word pieces
	basis  []float32 // Dim rows of PieceDim: the directions in which they differ most

	sum      uint32
	portable bool // leave the processor's vector instructions alone (for tests)
	pool     sync.Pool
}

// Load gives the model inside the program. An error means that the program file is damaged.
func Load() (*Model, error) {
	m, err := parse(modelFile)
	if err != nil {
		return nil, fmt.Errorf("load the built-in sentence model: %w", err)
	}
	return m, nil
}

// Parse reads a model file written by convert. It keeps no part of data.
func Parse(data []byte) (*Model, error) {
	m, err := parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("read sentence model: %w", err)
	}
	return m, nil
}

// Embed appends the vector of a question to dst: Dim values, of length one. It reads up to MaxQuery word pieces. A
// text without any (empty, only white space or control characters) gives Dim zeros. Any bytes are fine.
func (m *Model) Embed(dst []float32, text string) []float32 {
	return m.embed(dst, text, MaxQuery)
}

// EmbedPassage is Embed for a longer text: it reads up to MaxPassage word pieces. A text shorter than MaxQuery gets
// the same vector from both.
func (m *Model) EmbedPassage(dst []float32, text string) []float32 {
	return m.embed(dst, text, MaxPassage)
}

// Sum is the CRC-32C of the model's file: another model has another.
func (m *Model) Sum() uint32 { return m.sum }

// Tokens is the number of word pieces that EmbedPassage reads of the text, the marks at both ends included.
func (m *Model) Tokens(text string) int {
	s := m.scratch()
	defer m.release(s)
	return len(m.vocab.tokenize(&s.tok, text, MaxPassage))
}

func (m *Model) embed(dst []float32, text string, limit int) []float32 {
	s := m.scratch()
	defer m.release(s)
	ids := m.vocab.tokenize(&s.tok, text, limit)
	n := len(dst)
	dst = append(dst, make([]float32, Dim)...)
	if len(ids) > 2 {
		m.forward(s, ids)
		s.mean(len(ids), dst[n:])
	}
	return dst
}

func (m *Model) scratch() *scratch {
	if s, ok := m.pool.Get().(*scratch); ok {
		return s
	}
	return new(scratch)
}

// release keeps s for the next text, without this one.
func (m *Model) release(s *scratch) {
	s.tok.forget()
	m.pool.Put(s)
}
