package knowledge

import (
	"reflect"
	"testing"
)

// kept returns the texts and bytes that v still holds, to the capacity of its slices.
func kept(v reflect.Value, path string) []string {
	var out []string
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 {
			out = append(out, path+": "+v.String())
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out = kept(v.Elem(), path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out = append(out, kept(v.Field(i), path+"."+v.Type().Field(i).Name)...)
		}
	case reflect.Array:
		for i := range v.Len() {
			out = append(out, kept(v.Index(i), path)...)
		}
	case reflect.Slice:
		for i, all := 0, v.Slice(0, v.Cap()); i < all.Len(); i++ {
			e := all.Index(i)
			if k := e.Kind(); (k == reflect.Uint8 || k == reflect.Int8) && !e.IsZero() {
				return append(out, path+": bytes")
			}
			out = append(out, kept(e, path)...)
		}
	}
	return out
}

// TestWorkerForgetsTheQuestion holds that nothing a person wrote waits in memory for the next search.
func TestWorkerForgetsTheQuestion(t *testing.T) {
	a := &Article{ID: "garden", Language: "en"}
	a.Sections = []*Section{{Ref: Ref{"garden", "water"}, Article: a, Heading: "Watering", Text: "Water tomatoes overnight. Keep leaves dry."}}
	for name, meaning := range map[string]int{"words": -1, "meaning": 0} {
		t.Run(name, func(t *testing.T) {
			b, err := New([]*Article{a}, Options{Meaning: meaning})
			if err != nil {
				t.Fatal(err)
			}
			sr := b.now.Load().search
			w := sr.worker()
			for _, q := range []string{"should I wattering tomatos over night, zebrafishes", "leaves"} {
				o := sr.understand(w, q, 0, 1)
				sr.result(w, &o)
			}
			if len(kept(reflect.ValueOf(w), "worker")) == 0 {
				t.Fatal("a worker that was not told to forget holds nothing: the test looks at the wrong things")
			}
			w.forget()
			if got := kept(reflect.ValueOf(w), "worker"); len(got) > 0 {
				t.Errorf("still held: %q", got)
			}
			for name, list := range map[string]any{"pieces": w.own.IDs, "pairs as written": w.reads[0].bigrams, "pairs as repaired": w.reads[1].bigrams,
				"sections": w.post.docs, "positions": w.post.places, "lists": w.found, "places": w.where, "hits": w.hits, "spots": w.spots,
				"telling pieces": w.telling} {
				v := reflect.ValueOf(list)
				for i, all := 0, v.Slice(0, v.Cap()); i < all.Len(); i++ {
					if !all.Index(i).IsZero() {
						t.Errorf("%s of the question are still held", name)
						break
					}
				}
			}
		})
	}
}

// TestFindAllocates holds the number of allocations of a search by words at those of its Result (the matches, their
// reasons) and of the folded question.
func TestFindAllocates(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, with which tests are short, empties pools")
	}
	a := &Article{ID: "garden", Language: "en"}
	for _, s := range []string{"water", "leaves", "frost"} {
		a.Sections = append(a.Sections, &Section{Ref: Ref{"garden", s}, Article: a, Heading: s, Text: "What tomatoes need of " + s + "."})
	}
	b, err := New([]*Article{a}, Options{Meaning: -1})
	if err != nil {
		t.Fatal(err)
	}
	const most = 4
	if n := testing.AllocsPerRun(100, func() { b.Find("How much water do the tomatoes need?") }); n > most {
		t.Errorf("%v allocations, want at most %d", n, most)
	}
}
