package packed

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"testing"
)

// FuzzInts holds that integers are read as they were packed, alone and behind other bytes.
func FuzzInts(f *testing.F) {
	f.Add(uint64(1), uint16(0), uint8(0))
	f.Add(uint64(2), uint16(1), uint8(1))
	f.Add(uint64(3), uint16(300), uint8(17))
	f.Add(uint64(4), uint16(1000), uint8(MaxWidth))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, width uint8) {
		w := int(width) % (MaxWidth + 1)
		r := rand.New(rand.NewPCG(seed, 0))
		want := make([]uint64, int(n)%2000)
		for i := range want {
			want[i] = r.Uint64() & (1<<w - 1)
		}
		at := func(i int) uint64 { return want[i] }
		p := Pack(len(want), at)
		data := Pad(Append([]byte("before"), len(want), w, at))
		for i, v := range want {
			if got := p.At(i); got != v {
				t.Fatalf("packed: %d of %d is %d, want %d", i, len(want), got, v)
			}
			bit := 8*len("before") + i*w
			if got := binary.LittleEndian.Uint64(data[bit>>3:]) >> (bit & 7) & Mask(w); got != v {
				t.Fatalf("appended: %d of %d is %d, want %d", i, len(want), got, v)
			}
		}
		if max := Size(len(want), w) + 8; len(p.data) > max {
			t.Errorf("%d integers of %d bits take %d bytes", len(want), w, len(p.data))
		}
	})
}

func TestTable(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 100, 5000} {
		hash := func(i int) uint32 {
			h := fnv.New32a()
			h.Write([]byte{byte(i % 1000), byte(i % 1000 >> 8)}) // so that some collide
			return h.Sum32()
		}
		table := NewTable(n, func(i int) (uint32, uint32) { return hash(i), uint32(i) })
		for i := range n {
			p := table.Probe(hash(i))
			k := p.Next()
			for k >= 0 && k != i {
				k = p.Next()
			}
			if k != i {
				t.Errorf("of %d, %d is not found", n, i)
			}
		}
		steps := 0
		for p := table.Probe(12345); p.Next() >= 0; {
			if steps++; steps > n {
				t.Fatalf("of %d: the search for one that is not there does not end", n)
			}
		}
	}
	var none Table
	p := none.Probe(1)
	if k := p.Next(); k >= 0 {
		t.Errorf("nothing holds %d", k)
	}
}
