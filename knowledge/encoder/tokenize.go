package encoder

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The marks that the model knows, by their place in the vocabulary.
const (
	idUnknown = 100
	idStart   = 101
	idEnd     = 102
)

const (
	maxBytesPerToken = 64  // what is beyond limit*maxBytesPerToken bytes of a text is not looked at
	maxWord          = 100 // characters; a longer word is unknown as a whole
)

// vocabulary is the model's list of word pieces.
type vocabulary struct {
	start map[string]int32 // pieces that a word starts with
	next  map[string]int32 // pieces that go on, without their "##"
	long  int              // bytes of the longest piece
}

// tokScratch is what tokenize needs to work in.
type tokScratch struct {
	clean, folded, word []byte
	ids                 []int32
}

// forget overwrites the text.
func (s *tokScratch) forget() {
	for _, b := range [...][]byte{s.clean, s.folded, s.word} {
		clear(b[:cap(b)])
	}
	clear(s.ids[:cap(s.ids)])
}

func newVocabulary(pieces []string) vocabulary {
	v := vocabulary{start: make(map[string]int32, 26000), next: make(map[string]int32, 6000)}
	for i, p := range pieces {
		v.long = max(v.long, len(p))
		if len(p) > 2 && p[:2] == "##" {
			v.next[p[2:]] = int32(i)
		}
		v.start[p] = int32(i)
	}
	return v
}

// tokenize cuts a text into at most limit word pieces, with the start and end marks, as BERT's uncased tokenizer does.
// What looks like a mark in the text ("[SEP]") is plain text here. Of all characters, some 570 that Unicode gained after
// the model was made (rare scripts' accents and punctuation) are classed by today's tables. The result is valid until the scratch is used again.
func (v *vocabulary) tokenize(s *tokScratch, text string, limit int) []int32 {
	s.fold(text, limit*maxBytesPerToken)
	s.ids = append(s.ids[:0], idStart)
	s.word = s.word[:0]
	for i := 0; i < len(s.folded) && len(s.ids) < limit; {
		r, n := utf8.DecodeRune(s.folded[i:])
		alone := isPunct(r)
		if alone || isSpace(r) {
			s.endWord(v)
		}
		if !isSpace(r) {
			s.word = append(s.word, s.folded[i:i+n]...)
		}
		if alone {
			s.endWord(v)
		}
		i += n
	}
	s.endWord(v)
	if len(s.ids) > limit-1 {
		s.ids = s.ids[:limit-1]
	}
	s.ids = append(s.ids, idEnd)
	return s.ids
}

// fold writes the text's first bytes to s.folded: clean, without accents, in lower case, CJK characters set apart.
func (s *tokScratch) fold(text string, limit int) {
	if len(text) > limit {
		for limit > 0 && !utf8.RuneStart(text[limit]) {
			limit--
		}
		text = text[:limit]
	}
	s.clean = s.clean[:0]
	ascii := true
	for _, r := range text {
		switch {
		case r == 0 || r == utf8.RuneError || isControl(r):
		case isSpace(r):
			s.clean = append(s.clean, ' ')
		case isCJK(r):
			s.clean = append(s.clean, ' ')
			s.clean = utf8.AppendRune(s.clean, r)
			s.clean = append(s.clean, ' ')
			ascii = false
		default:
			s.clean = utf8.AppendRune(s.clean, r)
			ascii = ascii && r < utf8.RuneSelf
		}
	}
	if ascii {
		s.folded = append(s.folded[:0], s.clean...)
		for i, c := range s.folded {
			if 'A' <= c && c <= 'Z' {
				s.folded[i] = c + 'a' - 'A'
			}
		}
		return
	}
	s.stripAccents()
}

// stripAccents writes s.clean to s.folded, taken apart (NFD), without its accents, in lower case.
func (s *tokScratch) stripAccents() {
	s.word = norm.NFD.Append(s.word[:0], s.clean...)
	s.folded = s.folded[:0]
	for i := 0; i < len(s.word); {
		r, n := utf8.DecodeRune(s.word[i:])
		if !unicode.Is(unicode.Mn, r) {
			s.folded = utf8.AppendRune(s.folded, unicode.ToLower(r))
		}
		i += n
	}
}

// endWord adds the pieces of s.word to s.ids, the longest first piece that the vocabulary has, and so on, and empties
// it. A word with a part that the vocabulary lacks is unknown as a whole.
func (s *tokScratch) endWord(v *vocabulary) {
	word := s.word
	s.word = s.word[:0]
	if len(word) == 0 {
		return
	}
	if len(word) > maxWord && utf8.RuneCount(word) > maxWord {
		s.ids = append(s.ids, idUnknown)
		return
	}
	mark := len(s.ids)
	table := v.start
	for len(word) > 0 {
		id, n := longest(table, word, v.long)
		if n == 0 {
			s.ids = append(s.ids[:mark], idUnknown)
			return
		}
		s.ids = append(s.ids, id)
		word, table = word[n:], v.next
	}
}

func longest(table map[string]int32, word []byte, limit int) (id int32, n int) {
	for n = min(len(word), limit); n > 0; n-- {
		if id, ok := table[string(word[:n])]; ok {
			return id, n
		}
	}
	return 0, 0
}

func isSpace(r rune) bool { return unicode.IsSpace(r) }

func isControl(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co)
}

func isPunct(r rune) bool {
	if r < utf8.RuneSelf {
		return '!' <= r && r <= '/' || ':' <= r && r <= '@' || '[' <= r && r <= '`' || '{' <= r && r <= '~'
	}
	return unicode.IsPunct(r)
}

// isCJK tells the Chinese characters that the model reads one by one. Kana and Hangul are not among them.
func isCJK(r rune) bool {
	return r >= 0x3400 && (r <= 0x4DBF || 0x4E00 <= r && r <= 0x9FFF || 0xF900 <= r && r <= 0xFAFF ||
		0x20000 <= r && r <= 0x2A6DF || 0x2A700 <= r && r <= 0x2B73F || 0x2B740 <= r && r <= 0x2B81F ||
		0x2B920 <= r && r <= 0x2CEAF || 0x2F800 <= r && r <= 0x2FA1F)
}
