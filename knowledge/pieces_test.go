package knowledge

import (
	"math"
	"slices"
	"testing"
)

func TestCarries(t *testing.T) {
	for piece, want := range map[string]bool{"pain": true, "##ines": true, "the": false, ".": false, "##.": false, "2": true, "how": false, "": false} {
		if got := carries(piece); got != want {
			t.Errorf("carries(%q) = %v", piece, got)
		}
	}
}

// Long sections are read whole: what only their end says is found.
func TestEndOfLongSection(t *testing.T) {
	long := ""
	for range 60 {
		long += "Roses like the sun and a wall behind them. "
	}
	long += "Aphids are washed off with soap."
	b, err := New(articleOf(long, "Tulips flower early in the year.", "Dig the beds before the frost."), Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := b.Find("how can I get insects off with soap?")
	if len(r.Matches) == 0 || r.Matches[0].Ref.Section != "a" {
		t.Errorf("%+v", r.Matches)
	}
}

func TestStretches(t *testing.T) {
	var s scratch
	sims := make([]float32, 3*stretch)
	sims[0], sims[stretch], sims[3*stretch-1] = 0.5, 0.25, 1
	if best := s.inBlocks(2, sims, true); best != 1 {
		t.Errorf("greatest %v", best)
	}
	if best := s.inBlocks(1, sims[:stretch], false); best != 0.5 {
		t.Errorf("greatest of the first stretch %v", best)
	}
	if want := []float32{1.5, 1, 2}; !slices.Equal(s.blocks, want) {
		t.Errorf("%v, want %v", s.blocks, want)
	}
}

// What is everywhere in the sections that are searched tells nothing, whatever other articles say.
func TestWordsAreWeighedInScope(t *testing.T) {
	inOne, inAll := telling(1, 8, 1e-6), telling(8, 8, 1e-6)
	if inAll > inOne/4 {
		t.Errorf("in one section %.2f, in all %.2f", inOne, inAll)
	}
	if common := telling(1, 8, 1e-3); common > inOne {
		t.Errorf("a common word tells %.2f, a rare one %.2f", common, inOne)
	}
}

func TestNetwork(t *testing.T) {
	n := network{Mean: []float64{1, 0}, Scale: []float64{2, 1}, Hidden: [][]float64{{1, 1, -1}}, Out: []float64{4}, Direct: []float64{10, 100}, Bias: 7}
	if !n.fits(2) || n.fits(3) {
		t.Error("its shape")
	}
	// Inputs at scale: 1 and 2. The unit: 1+2-1 = 2, which bends to 2/3.
	n.prepare()
	var b batch
	for _, sections := range []int{1, 16, 17} {
		b.begin(&n, sections)
		b.set(sections-1, 0, 3)
		b.set(sections-1, 1, 2)
		if got, want := b.run(&n)[sections-1], 7+10+200+4*2.0/3; math.Abs(float64(got)-want) > 1e-4 {
			t.Errorf("last of %d: %v, want %v", sections, got, want)
		}
	}
	n.Scale[0] = 0
	if n.fits(2) {
		t.Error("a scale of zero")
	}
}

func TestDamagedWeights(t *testing.T) {
	for _, bad := range []string{"", "{}", `{"sure":0.9,"unsure":0.1}`, `{"sure":0.1,"unsure":0.9}`} {
		if _, err := readWeights([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}
