package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// asked is the number of different questions. They are asked in turn.
const asked = 1000

func sizes() []int { return []int{8, 2000, 100_000} }

// BenchmarkOpen builds indexes. It reports the time that the middle one took, the memory that one takes when it is
// built, and the most that the process grew by while the first was, both without the sections, which all engines are
// given.
func BenchmarkOpen(b *testing.B) {
	each(b, func(b *testing.B, e engine, sections []section, _ []question) {
		warm(b, e)
		before := heap()
		grown := resident()
		var x index
		var took []time.Duration
		b.ReportAllocs()
		for b.Loop() {
			shut(b, x)
			began := time.Now()
			var err error
			x, err = e.open(sections)
			took = append(took, time.Since(began))
			if err != nil {
				b.Fatal(err)
			}
			if len(took) == 1 && grown != nil {
				b.ReportMetric(float64(grown(b)), "peak-bytes")
			}
		}
		slices.Sort(took)
		b.ReportMetric(micros(took[len(took)/2]), "build-µs")
		b.ReportMetric(float64(max(0, heap()-before)+x.outside()), "index-bytes")
		shut(b, x)
		runtime.KeepAlive(sections)
	})
}

// BenchmarkFind asks an index one question after the other.
func BenchmarkFind(b *testing.B) {
	each(b, func(b *testing.B, e engine, sections []section, questions []question) {
		x, err := e.open(sections)
		if err != nil {
			b.Fatal(err)
		}
		defer shut(b, x)
		if _, err := x.find(questions[len(questions)-1].text, nil); err != nil { // the first costs what all share
			b.Fatal(err)
		}
		runtime.GC()
		took := make([]time.Duration, 0, 1<<20)
		top := make([]int, 0, best)
		found := 0
		b.ReportAllocs()
		for b.Loop() {
			q := questions[len(took)%len(questions)]
			began := time.Now()
			top, err = x.find(q.text, top[:0])
			took = append(took, time.Since(began))
			if err != nil {
				b.Fatal(err)
			}
			if slices.Contains(top, q.answer) {
				found++
			}
		}
		slices.Sort(took)
		b.ReportMetric(micros(took[len(took)/2]), "p50-µs")
		b.ReportMetric(micros(took[len(took)*99/100]), "p99-µs")
		b.ReportMetric(100*float64(found)/float64(len(took)), "found-%")
	})
}

// each runs a benchmark for each number of sections and each engine, on the same sections and questions.
func each(b *testing.B, run func(b *testing.B, e engine, sections []section, questions []question)) {
	for _, n := range sizes() {
		b.Run(fmt.Sprintf("sections=%d", n), func(b *testing.B) {
			v := newVocabulary(b)
			sections := v.sections(n)
			questions := v.questions(sections, asked)
			for _, e := range engines() {
				if e.limit == 0 || n <= e.limit {
					b.Run(e.name, func(b *testing.B) { run(b, e, sections, questions) })
				}
			}
		})
	}
}

// warm reads what an engine reads once in a process, such as Docent's word list and sentence model.
func warm(b *testing.B, e engine) {
	x, err := e.open([]section{{"a title", "A body."}})
	if err != nil {
		b.Fatal(err)
	}
	shut(b, x)
}

func shut(b *testing.B, x index) {
	if x == nil {
		return
	}
	if err := x.close(); err != nil {
		b.Fatal(err)
	}
}

// heap returns the bytes that are in use after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC() // the first one only marks what finalizers and pools still hold
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// resident notes the memory that the process has of the system, and returns a function for the most that this has grown
// by since. Where the system does not tell (Linux does) it returns nil.
func resident() func(testing.TB) int64 {
	debug.FreeOSMemory()
	if os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) != nil { // resets the peak
		return nil
	}
	before, err := status("VmRSS:")
	if err != nil {
		return nil
	}
	return func(tb testing.TB) int64 {
		most, err := status("VmHWM:")
		if err != nil {
			tb.Fatal(err)
		}
		return max(0, most-before)
	}
}

// status reads a figure of the process in bytes.
func status(name string) (int64, error) {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(data), name)
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.ParseInt(kilobytes, 10, 64)
	return n * 1024, err
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
