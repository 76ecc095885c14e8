package main

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"both", `goos: linux
BenchmarkOpen/sections=100000/an_engine-2   	       1	5562916908 ns/op	 5562916.908 build-µs	  61000000 index-bytes	 210000000 peak-bytes	 9 B/op	 2 allocs/op
BenchmarkFind/sections=100000/an_engine-2   	    4881	    276205 ns/op	        95.90 found-%	       148.0 p50-µs	      4120 p99-µs	   11345 B/op	      76 allocs/op
PASS`, "| 100,000 | an engine-2 | 5.56 s | 61.0 MB | 210 MB | 148 µs | 4.12 ms | 76 | 4881 | 96% |\n"},
		{"the quieter of two runs", `BenchmarkFind/sections=8/x 3 5 ns/op 100 found-% 9 p50-µs 10 p99-µs 4 B/op 0 allocs/op
BenchmarkFind/sections=8/x 4 5 ns/op 100 found-% 7 p50-µs 12 p99-µs 4 B/op 0 allocs/op
BenchmarkFind/sections=8/x 5 5 ns/op 100 found-% 8 p50-µs 11 p99-µs 4 B/op 0 allocs/op
`, "| 8 | x | – | – | – | 7.00 µs | 12.0 µs | 0 | 4 | 100% |\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			if err := run(strings.NewReader(tt.in), &out); err != nil {
				t.Fatal(err)
			}
			if got := strings.SplitAfter(out.String(), "\n")[2]; got != tt.want {
				t.Errorf("got  %swant %s", got, tt.want)
			}
		})
	}
}

func TestTableOfNothing(t *testing.T) {
	for in, want := range map[string]string{
		"PASS\n":                           "no benchmarks in the input",
		"BenchmarkFind/sections=8/x 3 5\n": "not a line of go test -bench",
		"BenchmarkFind/sections=8/x 3 5 ns/op many found-%\n": `parsing "many"`,
	} {
		if err := run(strings.NewReader(in), &strings.Builder{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}
