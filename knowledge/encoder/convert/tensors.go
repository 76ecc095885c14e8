package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// tensors is a safetensors file: eight bytes with the length of a JSON header, the header, the numbers.
type tensors struct {
	entries map[string]entry
	data    []byte
}

type entry struct {
	Type    string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

func openTensors(file []byte) (*tensors, error) {
	if len(file) < 8 {
		return nil, errors.New("not a safetensors file")
	}
	n := binary.LittleEndian.Uint64(file)
	if n > uint64(len(file)-8) {
		return nil, errors.New("not a safetensors file")
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(file[8:8+n], &raw); err != nil {
		return nil, fmt.Errorf("read the safetensors header: %w", err)
	}
	delete(raw, "__metadata__")
	t := &tensors{entries: map[string]entry{}, data: file[8+n:]}
	for name, r := range raw {
		var e entry
		if err := json.Unmarshal(r, &e); err != nil {
			return nil, fmt.Errorf("read the safetensors header: %s: %w", name, err)
		}
		t.entries[name] = e
	}
	return t, nil
}

// floats gives a tensor that must have the given shape.
func (t *tensors) floats(name string, shape ...int) ([]float32, error) {
	e, ok := t.entries[name]
	n := 1
	for _, d := range shape {
		n *= d
	}
	from, to := e.Offsets[0], e.Offsets[1]
	if !ok || e.Type != "F32" || !slices.Equal(e.Shape, shape) || from < 0 || to > len(t.data) || to-from != 4*n {
		return nil, fmt.Errorf("no tensor %s of 32-bit floats with shape %v", name, shape)
	}
	f := make([]float32, n)
	for i := range f {
		f[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.data[from+4*i:]))
	}
	return f, nil
}
