package knowledge

import (
	"maps"
	"testing"
)

func TestAbbreviations(t *testing.T) {
	got := map[string]string{}
	abbreviations(got, "It helps with treatment-resistant depression (TRD) and complex regional pain syndrome (CRPS). "+
		"The NMDA receptor (N-methyl-D-aspartate receptor) is another (see below). Post-traumatic stress disorder (PTSD), "+
		"and again another text (TRD). In the hospital (USA). Its price rose. So did (GDP, in 1990) that of bread (")
	want := map[string]string{"trd": "treatment-resistant depression", "crps": "complex regional pain syndrome", "ptsd": "Post-traumatic stress disorder"}
	if !maps.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAbbreviationsAreSpelledOut(t *testing.T) {
	b, err := New(articleOf("Bees live in colonies.", "Colony collapse disorder (CCD) empties a hive.", "Honey keeps for years."), Options{Meaning: -1})
	if err != nil {
		t.Fatal(err)
	}
	x := b.now.Load().search.x
	for question, want := range map[string]string{
		"What is CCD?":  "What is CCD? (Colony collapse disorder)",
		"What is a bee": "What is a bee",
	} {
		sr := b.now.Load().search
		w := sr.worker()
		x.read(question, w)
		if got := w.reads[0].asked; got != want {
			t.Errorf("%q is compared as %q, want %q", question, got, want)
		}
	}
}
