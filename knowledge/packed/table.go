package packed

import "hash/maphash"

// A Table finds the numbers of things by their hashes (open addressing, linear probing). It holds the numbers, and of each
// hash a few bits, so that what is another thing is nearly always passed over: what the numbers stand for is the
// caller's. It is immutable.
type Table struct {
	slots Ints // (1 + the number of a thing)<<tagBits + its tag, or 0
	size  int
}

// tagBits is the number of bits of a hash that are kept.
const tagBits = 5

// NewTable returns a Table of n things, which are all different, by their hashes and numbers.
func NewTable(n int, thing func(i int) (hash, number uint32)) Table {
	t := Table{size: n + n/3 + 1} // a quarter is free, so that probing ends soon
	slots := make([]uint64, t.size)
	for i := range n {
		h, number := thing(i)
		k := t.start(h)
		for slots[k] != 0 {
			k = t.after(k)
		}
		slots[k] = uint64(number+1)<<tagBits | tag(h)
	}
	t.slots = Pack(t.size, func(i int) uint64 { return slots[i] })
	return t
}

// A Probe is a search in a Table.
type Probe struct {
	table *Table
	tag   uint64
	at    int
}

// Probe returns the search for a hash. The caller compares what it finds:
//
//	for p := t.Probe(h); ; {
//		i := p.Next()
//		if i < 0 { ... } // there is none
func (t *Table) Probe(hash uint32) Probe { return Probe{t, tag(hash), t.start(hash)} }

// Next returns the next number that a thing with the hash may have, or -1 when there is none.
func (p *Probe) Next() int {
	if p.table.size == 0 {
		return -1
	}
	for {
		v := p.table.slots.At(p.at)
		p.at = p.table.after(p.at)
		if v == 0 || v&(1<<tagBits-1) == p.tag {
			return int(v>>tagBits) - 1
		}
	}
}

func tag(hash uint32) uint64 { return uint64(hash & (1<<tagBits - 1)) }

// start is the slot of a hash by its high bits; the low ones are its tag.
func (t *Table) start(hash uint32) int { return int(uint64(hash) * uint64(t.size) >> 32) }

func (t *Table) after(k int) int {
	if k++; k == t.size {
		return 0
	}
	return k
}

// seed is of all hashes of a process. They are never kept beyond it.
var seed = maphash.MakeSeed()

// Hash returns a hash of s for a Table.
func Hash(s string) uint32 { return uint32(maphash.String(seed, s)) }
