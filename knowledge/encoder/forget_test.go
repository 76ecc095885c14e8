package encoder

import "testing"

// TestScratchForgetsTheText holds that no word of a text waits in memory for the next one.
func TestScratchForgetsTheText(t *testing.T) {
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	s := new(scratch)
	if ids := m.vocab.tokenize(&s.tok, "Wörter of a private question", MaxQuery); len(ids) < 4 {
		t.Fatalf("only %d pieces: the test looks at nothing", len(ids))
	}
	m.release(s)
	for _, b := range [...][]byte{s.tok.clean, s.tok.folded, s.tok.word} {
		for _, c := range b[:cap(b)] {
			if c != 0 {
				t.Fatalf("still held: %q", b[:cap(b)])
			}
		}
	}
	for _, id := range s.tok.ids[:cap(s.tok.ids)] {
		if id != 0 {
			t.Fatal("the pieces are still held")
		}
	}
}
