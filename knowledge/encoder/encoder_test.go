package encoder

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// vectorSum is the checksum of all bits of the vectors of testdata/vectors.json's texts. It is the same on every
// processor; it changes only with the model or the arithmetic.
const vectorSum = "e42a5aa99ee8fb57"

// one keeps the model for all tests of the package: it takes memory and some milliseconds to load.
var one = sync.OnceValues(Load)

func load(t testing.TB) *Model {
	t.Helper()
	m, err := one()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// plain is the model without vector instructions.
func plain(t testing.TB) *Model {
	m := load(t)
	return &Model{vocab: m.vocab, words: m.words, scales: m.scales, places: m.places, first: m.first,
		layers: m.layers, gelu: m.gelu, mean: m.mean, basis: m.basis, pieces: m.pieces, portable: true}
}

type reference struct {
	Text   string
	Vector string
}

// references are texts and their vectors by the published weights in 32-bit floats, made with PyTorch.
func references(t *testing.T) []reference {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var refs []reference
	if err := json.Unmarshal(data, &refs); err != nil {
		t.Fatal(err)
	}
	if len(refs) < 40 {
		t.Fatalf("only %d references", len(refs))
	}
	return refs
}

func (r *reference) floats(t *testing.T) []float32 {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(r.Vector)
	if err != nil || len(raw) != 2*Dim {
		t.Fatalf("vector of %q: %d bytes, %v", r.Text, len(raw), err)
	}
	v := make([]float32, Dim)
	for i := range v {
		v[i] = float32(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / 32767
	}
	return v
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

func TestCloseToPublishedModel(t *testing.T) {
	m := load(t)
	refs := references(t)
	total, worst := 0.0, 1.0
	for _, r := range refs {
		c := cosine(m.EmbedPassage(nil, r.Text), r.floats(t))
		total += c
		worst = min(worst, c)
	}
	if mean := total / float64(len(refs)); mean < .999 || worst < .995 {
		t.Errorf("mean cosine %.5f, worst %.5f", mean, worst)
	} else {
		t.Logf("mean cosine %.5f, worst %.5f", mean, worst)
	}
}

func TestSameBitsEverywhere(t *testing.T) {
	m := load(t)
	h := fnv.New64a()
	for _, r := range references(t) {
		for _, v := range m.EmbedPassage(nil, r.Text) {
			binary.Write(h, binary.LittleEndian, v)
		}
	}
	if got := fmt.Sprintf("%016x", h.Sum64()); got != vectorSum {
		t.Errorf("checksum of the vectors is %s, want %s", got, vectorSum)
	}
}

func TestSameBitsWithoutKernels(t *testing.T) {
	if !hasKernels() {
		t.Skip("no kernels on this processor: TestSameBitsEverywhere covers the rest")
	}
	m, p := load(t), plain(t)
	refs := references(t)
	for _, r := range refs {
		if m.Tokens(r.Text) > 10 && r != refs[len(refs)-1] { // the last is the longest; the rest would only take time
			continue
		}
		if !sameBits(m.EmbedPassage(nil, r.Text), p.EmbedPassage(nil, r.Text)) {
			t.Errorf("%q: other bits without kernels", r.Text)
		}
	}
}

func TestMeaning(t *testing.T) {
	m := load(t)
	q := m.Embed(nil, "How do I get back into my account?")
	near := cosine(q, m.Embed(nil, "I forgot my password and cannot log in."))
	far := cosine(q, m.Embed(nil, "Bees dance to tell the others where the flowers are."))
	if near < far+.3 {
		t.Errorf("near %.3f, far %.3f", near, far)
	}
}

func TestEmbed(t *testing.T) {
	m := load(t)
	v := m.Embed([]float32{7}, "hello there")
	if len(v) != 1+Dim || v[0] != 7 {
		t.Fatalf("%d values, first %v", len(v), v[0])
	}
	if c := cosine(v[1:], v[1:]); math.Abs(c-1) > 1e-6 {
		t.Errorf("cosine with itself %v", c)
	}
	if got := m.EmbedPassage(nil, "hello there"); !slices.Equal(got, v[1:]) {
		t.Error("Embed and EmbedPassage differ on a short text")
	}
	long := strings.Repeat("one two three four ", 20)
	if slices.Equal(m.Embed(nil, long), m.EmbedPassage(nil, long)) {
		t.Error("Embed reads as much as EmbedPassage")
	}
	for _, empty := range []string{"", " \n", "\x00\x01", "\u0301"} {
		if got := m.Embed(nil, empty); !slices.Equal(got, make([]float32, Dim)) {
			t.Errorf("%q: not zeros", empty)
		}
	}
	if n := m.Tokens("hello there"); n != 4 {
		t.Errorf("hello there: %d tokens, want 4", n)
	}
}

func TestEmbedAnyBytes(t *testing.T) {
	m := load(t)
	for _, s := range nasty() {
		var length float64
		for _, v := range m.Embed(nil, s) {
			length += float64(v) * float64(v)
		}
		if length != 0 && math.Abs(length-1) > 1e-5 {
			t.Errorf("%.20q: squared length %v", s, length)
		}
	}
}

func TestEmbedConcurrently(t *testing.T) {
	m := load(t)
	texts := []string{"one", "two words", "three words here", strings.Repeat("many words ", 20), ""}
	var want [][]float32
	for _, s := range texts {
		want = append(want, m.Embed(nil, s))
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 10 {
				k := (g + i) % len(texts)
				if !slices.Equal(m.Embed(nil, texts[k]), want[k]) {
					t.Errorf("%q: another vector", texts[k])
				}
			}
		})
	}
	wg.Wait()
}

// The work itself allocates nothing (taking accents off does, once); the pool of scratch memory is left out, since the race detector empties it.
func TestNoAllocations(t *testing.T) {
	m := load(t)
	s, dst := new(scratch), make([]float32, Dim)
	embed := func() {
		ids := m.vocab.tokenize(&s.tok, "How long does the visit take?", MaxQuery)
		m.forward(s, ids)
		s.mean(len(ids), dst)
	}
	embed()
	if n := testing.AllocsPerRun(20, embed); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestParseDamaged(t *testing.T) {
	file := []byte(modelFile)
	if _, err := Parse(file); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		i := rng.IntN(len(file))
		file[i] ^= 4
		if _, err := Parse(file); err == nil {
			t.Errorf("byte %d changed: no error", i)
		}
		file[i] ^= 4
	}
	for _, n := range []int{0, 5, len(magic), len(magic) + 4, 1000, len(file) - 1} {
		if _, err := Parse(file[:n]); err == nil {
			t.Errorf("cut to %d bytes: no error", n)
		}
	}
}

func FuzzEmbed(f *testing.F) {
	for _, s := range nasty() {
		f.Add(s)
	}
	m, p := load(f), plain(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(m.vocab.tokenize(new(tokScratch), text, MaxQuery)) > 16 {
			return // the portable model is slow
		}
		if !slices.Equal(m.Embed(nil, text), p.Embed(nil, text)) {
			t.Fatalf("%q: other vectors with vector instructions than without", text)
		}
	})
}
