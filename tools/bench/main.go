// Command bench reads the output of this module's benchmarks from its standard input and prints it as a Markdown table.
// It knows nothing of the engines: those are in the tests, where "go test -bench" runs them.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// A row is an engine at one number of sections: its figures by unit, of Open and of Find. Of repeated runs (-count) the
// row holds the one whose middle index or question took least, because whatever else a machine does only ever adds time.
type row struct {
	sections, engine string
	open, find       map[string]float64
}

func run(in io.Reader, out io.Writer) error {
	rows, err := read(in)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errors.New("no benchmarks in the input: pipe the output of \"go test -bench . -cpu 1\" into it")
	}
	fmt.Fprintln(out, "| sections | engine | build | index | peak | p50 | p99 | allocations | asked | found |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|---|")
	for _, r := range rows {
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", thousands(r.sections), r.engine,
			duration(r.open, "build-µs"), size(r.open, "index-bytes"), size(r.open, "peak-bytes"),
			duration(r.find, "p50-µs"), duration(r.find, "p99-µs"),
			number(r.find, "allocs/op", ""), number(r.find, "times", ""), number(r.find, "found-%", "%"))
	}
	return nil
}

// read returns the rows in the order in which the benchmarks ran.
func read(in io.Reader) ([]*row, error) {
	var rows []*row
	byName := map[string]*row{}
	for sc := bufio.NewScanner(in); sc.Scan(); {
		what, name, ok := strings.Cut(sc.Text(), "/sections=")
		if !ok || !strings.HasPrefix(what, "Benchmark") {
			continue
		}
		fields := strings.Fields(name)
		figures, err := parse(fields[1:])
		if err != nil {
			return nil, fmt.Errorf("%q: %w", sc.Text(), err)
		}
		r := byName[fields[0]]
		if r == nil {
			r = &row{}
			r.sections, r.engine, _ = strings.Cut(fields[0], "/")
			r.engine = strings.ReplaceAll(r.engine, "_", " ")
			byName[fields[0]] = r
			rows = append(rows, r)
		}
		switch what {
		case "BenchmarkOpen":
			r.open = better(r.open, figures, "build-µs")
		case "BenchmarkFind":
			r.find = better(r.find, figures, "p50-µs")
		}
	}
	return rows, nil
}

// parse reads how many times a benchmark ran, and then pairs of value and unit.
func parse(fields []string) (map[string]float64, error) {
	if len(fields)%2 == 0 {
		return nil, errors.New("not a line of go test -bench")
	}
	figures := map[string]float64{}
	for pair := range slices.Chunk(slices.Insert(fields, 1, "times"), 2) {
		v, err := strconv.ParseFloat(pair[0], 64)
		if err != nil {
			return nil, err
		}
		figures[pair[1]] = v
	}
	return figures, nil
}

func better(a, b map[string]float64, unit string) map[string]float64 {
	if a == nil || b[unit] < a[unit] {
		return b
	}
	return a
}

// duration shows a figure in microseconds with three digits in a unit that suits it.
func duration(figures map[string]float64, unit string) string {
	v, ok := figures[unit]
	if !ok {
		return "–"
	}
	switch {
	case v < 1e3:
		return digits(v) + " µs"
	case v < 1e6:
		return digits(v/1e3) + " ms"
	}
	return digits(v/1e6) + " s"
}

func size(figures map[string]float64, unit string) string {
	v, ok := figures[unit]
	if !ok {
		return "–"
	}
	return digits(v/1e6) + " MB"
}

func number(figures map[string]float64, unit, suffix string) string {
	v, ok := figures[unit]
	if !ok {
		return "–"
	}
	return strconv.FormatFloat(v, 'f', 0, 64) + suffix
}

// digits shows three digits that count.
func digits(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

func thousands(n string) string {
	for i := len(n) - 3; i > 0; i -= 3 {
		n = n[:i] + "," + n[i:]
	}
	return n
}
