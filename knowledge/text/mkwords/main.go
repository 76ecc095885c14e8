// Command mkwords makes the list of general English words and their frequencies that package text embeds.
//
// Get its pinned input with
//
//	pip download --no-deps symspellpy==6.10.1
//
// and run
//
//	go run ./knowledge/text/mkwords -wheel symspellpy-6.10.1-py3-none-any.whl -out knowledge/text/words.txt.gz
package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
)

const source = "symspellpy/frequency_dictionary_en_82_765.txt"

func main() {
	wheel := flag.String("wheel", "", "the wheel of symspellpy 6.10.1")
	out := flag.String("out", "knowledge/text/words.txt.gz", "file to write")
	flag.Parse()
	if err := run(*wheel, *out); err != nil {
		fmt.Fprintln(os.Stderr, "mkwords:", err)
		os.Exit(1)
	}
}

func run(wheel, out string) error {
	z, err := zip.OpenReader(wheel)
	if err != nil {
		return fmt.Errorf("open the wheel (get it with: pip download --no-deps symspellpy==6.10.1): %w", err)
	}
	defer z.Close()
	f, err := z.Open(source)
	if err != nil {
		return fmt.Errorf("open %s in the wheel: %w", source, err)
	}
	defer f.Close()
	counts := map[string]float64{}
	total := 0.0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		w, n, ok := strings.Cut(strings.TrimPrefix(sc.Text(), "\ufeff"), " ")
		c, err := strconv.ParseFloat(n, 64)
		if !ok || err != nil || len(w) > 24 {
			continue
		}
		counts[strings.ReplaceAll(w, "'", "")] += c
		total += c
	}
	if len(counts) < 80000 {
		return errors.New("the word list is shorter than expected: is this symspellpy 6.10.1?")
	}
	return write(out, counts, total)
}

// write stores a word and the tenth part of a nat of its rarity in a line: "migraine 134" is exp(-13.4) of all words.
func write(out string, counts map[string]float64, total float64) error {
	names := make([]string, 0, len(counts))
	for w := range counts {
		names = append(names, w)
	}
	sort.Strings(names)
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	for _, w := range names {
		fmt.Fprintf(z, "%s %d\n", w, int(math.Round(-10*math.Log(counts[w]/total))))
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}
