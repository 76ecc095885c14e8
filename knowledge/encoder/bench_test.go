package encoder

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkEmbed measures texts of so many words, which are as many word pieces, plus the two marks.
func BenchmarkEmbed(b *testing.B) {
	models := []struct {
		name string
		m    *Model
	}{{"kernels", load(b)}, {"portable", plain(b)}}
	for _, model := range models {
		for _, words := range []int{5, 10, 46, 62, 126} {
			b.Run(fmt.Sprintf("%s/words=%d", model.name, words), func(b *testing.B) {
				text := strings.Repeat("how long does it take until the pain goes away ", 13)
				text = strings.Join(strings.Fields(text)[:words], " ")
				dst := make([]float32, 0, Dim)
				b.ReportAllocs()
				for b.Loop() {
					model.m.EmbedPassage(dst, text)
				}
			})
		}
	}
}

func BenchmarkTokenize(b *testing.B) {
	m := load(b)
	var s tokScratch
	b.ReportAllocs()
	for b.Loop() {
		m.vocab.tokenize(&s, "How long does it take until the pain goes away?", MaxQuery)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDots(b *testing.B) {
	const n = 2000
	rows, q, dst := make([]int8, n*Dim), make([]int8, Dim), make([]int32, n)
	b.SetBytes(n * Dim)
	for b.Loop() {
		Dots(dst, q, rows)
	}
}

// BenchmarkEmbedNasty measures texts made to take long; every one must stay well below 20 ms.
func BenchmarkEmbedNasty(b *testing.B) {
	m := load(b)
	dst := make([]float32, 0, Dim)
	for i, text := range nasty() {
		b.Run(fmt.Sprintf("%d/bytes=%d", i, len(text)), func(b *testing.B) {
			for b.Loop() {
				m.Embed(dst, text)
			}
		})
	}
}
