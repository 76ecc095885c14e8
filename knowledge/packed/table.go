package packed

// A Table finds the numbers of things by their hashes (open addressing, linear probing). It holds the numbers alone:
// what they stand for is the caller's. It is immutable.
type Table struct {
	slots Ints // 1 + the number of a thing, or 0
	size  int
}

// NewTable returns a Table of n things, which are all different, by their hashes and numbers.
func NewTable(n int, thing func(i int) (hash, number uint32)) Table {
	t := Table{size: n + n/3 + 1} // a quarter is free, so that probing ends soon
	slots := make([]uint32, t.size)
	for i := range n {
		h, number := thing(i)
		k := t.start(h)
		for slots[k] != 0 {
			k = t.after(k)
		}
		slots[k] = number + 1
	}
	t.slots = Pack(t.size, func(i int) uint64 { return uint64(slots[i]) })
	return t
}

// Probe returns the first number that a thing with this hash may have, and where to go on for the next; it returns -1
// when there is none. The caller compares.
//
//	for i, at := t.Probe(h); i >= 0; i, at = t.Next(at) {
func (t *Table) Probe(hash uint32) (i, at int) {
	if t.size == 0 {
		return -1, 0
	}
	at = t.start(hash)
	return int(t.slots.At(at)) - 1, at
}

// Next goes on from Probe.
func (t *Table) Next(at int) (int, int) {
	at = t.after(at)
	return int(t.slots.At(at)) - 1, at
}

// start is the slot of a hash whose low bits may be better than its high ones.
func (t *Table) start(hash uint32) int {
	return int(uint64(hash*2654435769) * uint64(t.size) >> 32)
}

func (t *Table) after(k int) int {
	if k++; k == t.size {
		return 0
	}
	return k
}

// Hash returns a hash of s for a Table, the same on every machine (FNV-1a).
func Hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}
