package main

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// The shape of the network and of the file: see knowledge/encoder/format.go, which reads it.
const (
	magic  = "docent-sentence-2\n"
	vocabN = 30522
	dim    = 384
	layers = 6
	heads  = 12
	inner  = 1536
	places = 256
	short  = 96
	panel  = 16
)

// packer writes the file. The first error is kept.
type packer struct {
	t   *tensors
	out []byte
	err error
}

// pack gives the model file for a vocabulary, weights, and the mean and the basis of the vectors of word pieces.
func pack(vocab string, weights []byte, mean, basis []float32) ([]byte, error) {
	t, err := openTensors(weights)
	if err != nil {
		return nil, err
	}
	p := &packer{t: t, out: []byte(magic)}
	for _, n := range []int{vocabN, dim, layers, heads, inner, places, short, len(vocab)} {
		p.out = binary.LittleEndian.AppendUint32(p.out, uint32(n))
	}
	p.out = append(p.out, vocab...)
	p.embeddings()
	p.norm("embeddings.LayerNorm")
	for i := range layers {
		p.layer(fmt.Sprintf("encoder.layer.%d.", i))
	}
	p.floats(mean)
	p.floats(basis)
	p.out = binary.LittleEndian.AppendUint32(p.out, crc32.Checksum(p.out, crc32.MakeTable(crc32.Castagnoli)))
	return p.out, p.err
}

func (p *packer) tensor(name string, shape ...int) []float32 {
	f, err := p.t.floats(name, shape...)
	if err != nil {
		if p.err == nil {
			p.err = err
		}
		n := 1
		for _, d := range shape {
			n *= d
		}
		return make([]float32, n)
	}
	return f
}

func (p *packer) floats(f []float32) {
	for _, v := range f {
		p.out = binary.LittleEndian.AppendUint32(p.out, math.Float32bits(v))
	}
}

// embeddings writes the rows of the word pieces, and those of the positions with the row of the only text type added.
func (p *packer) embeddings() {
	words := p.tensor("embeddings.word_embeddings.weight", vocabN, dim)
	q := make([]byte, 0, len(words))
	scales := make([]float32, vocabN)
	for i := range scales {
		row := words[i*dim:][:dim]
		scales[i] = bestScale(row)
		for _, v := range row {
			q = append(q, byte(toInt8(v, scales[i])))
		}
	}
	p.floats(scales)
	p.out = append(p.out, q...)
	pos := p.tensor("embeddings.position_embeddings.weight", 512, dim)[:places*dim]
	kind := p.tensor("embeddings.token_type_embeddings.weight", 2, dim)[:dim]
	for i := range pos {
		pos[i] += kind[i%dim]
	}
	p.floats(pos)
}

func (p *packer) norm(name string) {
	p.floats(p.tensor(name+".weight", dim))
	p.floats(p.tensor(name+".bias", dim))
}

func (p *packer) layer(at string) {
	var w, b []float32
	for _, part := range []string{"query", "key", "value"} {
		pw, pb := p.tensor(at+"attention.self."+part+".weight", dim, dim), p.tensor(at+"attention.self."+part+".bias", dim)
		if part == "query" { // the scores' division by √32 is done here, once for all
			divide(pw, math.Sqrt(dim/heads))
			divide(pb, math.Sqrt(dim/heads))
		}
		w, b = append(w, pw...), append(b, pb...)
	}
	p.linear(w, b, dim)
	p.named(at+"attention.output.dense", dim, dim)
	p.norm(at + "attention.output.LayerNorm")
	p.named(at+"intermediate.dense", dim, inner)
	p.named(at+"output.dense", inner, dim)
	p.norm(at + "output.LayerNorm")
}

func divide(f []float32, by float64) {
	for i, v := range f {
		f[i] = float32(float64(v) / by)
	}
}

func (p *packer) named(name string, in, out int) {
	p.linear(p.tensor(name+".weight", out, in), p.tensor(name+".bias", out), in)
}

// linear writes a matrix (a row an output) as scales, bias and panels of sixteen outputs.
func (p *packer) linear(w, b []float32, in int) {
	out := len(b)
	scales := make([]float32, out)
	q := make([]byte, len(w))
	for c := range out {
		row := w[c*in:][:in]
		scales[c] = bestScale(row)
		for i, v := range row {
			q[c/panel*panel*in+i/2*2*panel+c%panel*2+i%2] = byte(toInt8(v, scales[c]))
		}
	}
	p.floats(scales)
	p.floats(b)
	p.out = append(p.out, q...)
}

// bestScale tries scales that cut off the largest values a little, and gives the one with the least squared error.
func bestScale(row []float32) float32 {
	var most float32
	for _, v := range row {
		most = max(most, v, -v)
	}
	if most == 0 {
		return 0
	}
	best, least := float32(0), math.Inf(1)
	for cut := 100; cut >= 60; cut-- {
		scale := float32(float64(most) * float64(cut) / (100 * 127))
		var total float64
		for _, v := range row {
			d := float64(v) - float64(float64(toInt8(v, scale))*float64(scale))
			total += float64(d * d)
		}
		if total < least {
			best, least = scale, total
		}
	}
	return best
}

func toInt8(v, scale float32) int8 {
	if scale == 0 {
		return 0
	}
	return int8(max(-127, min(127, math.RoundToEven(float64(v)/float64(scale)))))
}
