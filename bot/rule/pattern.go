package rule

import "slices"

// A pattern is a sequence of elements. Without anchors it may be found anywhere, but not across the end of a sentence.
type pattern struct {
	elements   []element
	start, end bool // anchored at the start or end of the text
}

// An element is one of some phrases, or a gap.
type element struct {
	phrases  [][]int // each a sequence of ids of the vocabulary
	optional bool
	gap      int // skips up to so many words; no phrases
}

// crosses reports whether the pattern describes a whole text and so may go on after the end of a sentence.
func (p pattern) crosses() bool { return p.start && p.end }

func (p pattern) matches(m message) bool {
	if !p.possible(m.present) {
		return false
	}
	words := m.words
	for i := range words {
		if p.at(words, i, 0, i) {
			return true
		}
		if p.start {
			return false
		}
	}
	return false
}

// possible reports whether the words that the pattern needs are there in some order.
func (p pattern) possible(present []bool) bool {
	absent := func(id int) bool { return !present[id] }
	lacking := func(phrase []int) bool { return slices.ContainsFunc(phrase, absent) }
	for _, el := range p.elements {
		if el.gap == 0 && !el.optional && !slices.ContainsFunc(el.phrases, func(ph []int) bool { return !lacking(ph) }) {
			return false
		}
	}
	return true
}

// at reports whether the elements from e match the words from i. The pattern's first word is at start.
func (p pattern) at(words []token, i, e, start int) bool {
	if e == len(p.elements) {
		return !p.end || i == len(words)
	}
	el := p.elements[e]
	if el.gap > 0 {
		return p.afterGap(words, i, e, start)
	}
	if el.optional && p.at(words, i, e+1, start) {
		return true
	}
	for _, phrase := range el.phrases {
		if next, ok := p.phraseAt(words, i, start, phrase); ok && p.at(words, next, e+1, start) {
			return true
		}
	}
	return false
}

// afterGap tries every length of the gap at e.
func (p pattern) afterGap(words []token, i, e, start int) bool {
	for skip := 0; skip <= p.elements[e].gap && i+skip <= len(words); skip++ {
		if skip > 0 && !p.mayStep(words, i+skip-1, start) {
			return false
		}
		if p.at(words, i+skip, e+1, start) {
			return true
		}
	}
	return false
}

// phraseAt reports whether the phrase stands at i, and where it ends.
func (p pattern) phraseAt(words []token, i, start int, phrase []int) (int, bool) {
	for _, id := range phrase {
		if i >= len(words) || !slices.Contains(words[i].ids, id) || !p.mayStep(words, i, start) {
			return 0, false
		}
		i++
	}
	return i, true
}

// mayStep reports whether the word at i may follow the one before it.
func (p pattern) mayStep(words []token, i, start int) bool {
	return i == start || p.crosses() || !words[i-1].ends
}
