package encoder

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"strings"
	"unsafe"
)

// The shape of the network. convert writes it into the file's header; parse takes no other.
const (
	magic    = "docent-sentence-2\n"
	numWords = 30522
	numLayer = 6
	heads    = 12
	headDim  = Dim / heads
	inner    = 1536
	panel    = 16 // columns that a kernel works on at once
)

// layerNorm is a layer normalisation.
type layerNorm struct{ weight, bias []float32 }

// linear is a matrix with int8 weights, a scale for each of its output columns, and a bias. The weights lie in panels
// of 16 columns; in a panel, two neighbouring inputs of a column lie side by side:
// w[panel][input/2][column][input%2].
type linear struct {
	in, out     int
	scale, bias []float32
	w           []int8
}

type layer struct {
	qkv, att linear
	attNorm  layerNorm
	up, down linear
	outNorm  layerNorm
}

// reader cuts pieces off a file whose length and checksum are known to be right.
type reader struct {
	s   string
	err error
}

func (r *reader) bytes(n int) string {
	if r.err != nil || n < 0 || n > len(r.s) {
		if r.err == nil {
			r.err = errors.New("the file ends too early")
		}
		return ""
	}
	b := r.s[:n]
	r.s = r.s[n:]
	return b
}

func (r *reader) uint32() int {
	b := r.bytes(4)
	if b == "" {
		return 0
	}
	return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 | int(b[3])<<24
}

func (r *reader) floats(n int) []float32 {
	b := r.bytes(4 * n)
	f := make([]float32, len(b)/4)
	for i := range f {
		f[i] = math.Float32frombits(binary.LittleEndian.Uint32([]byte(b[4*i : 4*i+4])))
	}
	return f
}

// int8s gives a view of the file, not a copy; nothing writes to it.
func (r *reader) int8s(n int) []int8 {
	b := r.bytes(n)
	if b == "" {
		return nil
	}
	return unsafe.Slice((*int8)(unsafe.Pointer(unsafe.StringData(b))), len(b))
}

func (r *reader) norm() layerNorm {
	return layerNorm{weight: r.floats(Dim), bias: r.floats(Dim)}
}

func (r *reader) linear(in, out int) linear {
	return linear{in: in, out: out, scale: r.floats(out), bias: r.floats(out), w: r.int8s(in * out)}
}

// parse makes a model of a file. The model shares the string's memory.
func parse(file string) (*Model, error) {
	body, err := check(file)
	if err != nil {
		return nil, err
	}
	r := &reader{s: body}
	m := &Model{sum: binary.LittleEndian.Uint32([]byte(file[len(file)-4:]))}
	for _, want := range []int{numWords, Dim, numLayer, heads, inner, MaxPassage, PieceDim} {
		if got := r.uint32(); got != want {
			return nil, fmt.Errorf("the model has another shape (%d, not %d): build the file again with knowledge/encoder/convert", got, want)
		}
	}
	pieces := strings.Split(r.bytes(r.uint32()), "\n")
	if len(pieces) != numWords {
		return nil, fmt.Errorf("the vocabulary has %d word pieces, not %d", len(pieces), numWords)
	}
	m.vocab, m.pieces = newVocabulary(pieces), pieces
	m.scales, m.words = r.floats(numWords), r.int8s(numWords*Dim)
	m.places = r.floats(MaxPassage * Dim)
	m.first = r.norm()
	for range numLayer {
		m.layers = append(m.layers, layer{
			qkv: r.linear(Dim, 3*Dim), att: r.linear(Dim, Dim), attNorm: r.norm(),
			up: r.linear(Dim, inner), down: r.linear(inner, Dim), outNorm: r.norm(),
		})
	}
	m.mean, m.basis = r.floats(Dim), r.floats(Dim*PieceDim)
	if r.err == nil && len(r.s) > 0 {
		r.err = fmt.Errorf("%d bytes are left over", len(r.s))
	}
	if r.err != nil {
		return nil, r.err
	}
	m.gelu = geluTable()
	return m, nil
}

// check gives what is between a file's magic and its checksum.
func check(file string) (string, error) {
	if !strings.HasPrefix(file, magic) || len(file) < len(magic)+4 {
		return "", errors.New("not a sentence model of this version: build it with knowledge/encoder/convert")
	}
	end := len(file) - 4
	sum := crc32.Checksum(unsafe.Slice(unsafe.StringData(file), end), crc32.MakeTable(crc32.Castagnoli))
	if sum != binary.LittleEndian.Uint32([]byte(file[end:])) {
		return "", errors.New("the checksum is wrong, the file is damaged: install the program again")
	}
	return file[len(magic):end], nil
}
