package rule

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// Gaps of patterns, in words.
const (
	shortGap = 3 // ".."
	longGap  = 8 // "..."
)

// Read reads the rules of every *.txt file in fsys. A file has one thing a line:
//
//	# a comment
//	list NAME: phrase | phrase | ...
//	rule ID KIND LANGUAGE
//	match PATTERN
//	unless PATTERN
//	words phrase | phrase | ...
//	yes an example that the rule must match
//	no an example that it must not match
//	like an example that its patterns need not match: what means about the same is found by meaning
//	near 0.65
//
// With "near", texts that are as near in meaning to an example are of the rule's kind too; see Near.
// A pattern is words with spaces between them. "a|b_c" is one of two phrases, "<list>" one of a list, "word?" may be
// missing, ".." is up to 3 words and "..." up to 8, "^" and "$" are the start and end of the message, "word*" is the start
// of a word, and "=word" must be spelt so. A list serves its own file. The error lists all mistakes.
func Read(fsys fs.FS) (*Set, error) {
	names, err := fs.Glob(fsys, "*.txt")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("read rules: no *.txt file (%w)", errors.Join(err, fs.ErrNotExist))
	}
	slices.Sort(names)
	set := &Set{}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		if err := set.read(name, string(data)); err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
	}
	return set, nil
}

// read adds the rules of a file.
func (s *Set) read(name, data string) error {
	f := &file{set: s, name: name, lists: map[string][]string{}}
	var errs []error
	for i, line := range strings.Split(data, "\n") {
		f.line = i + 1
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := f.add(line); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", name, f.line, err))
		}
	}
	return errors.Join(errs...)
}

type file struct {
	set   *Set
	name  string
	line  int
	lists map[string][]string
	rule  *Rule
}

func (f *file) add(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case word == "list":
		return f.list(rest)
	case word == "rule":
		return f.begin(rest)
	case f.rule == nil:
		return fmt.Errorf("%q stands before the first rule", word)
	case rest == "":
		return fmt.Errorf("%q has nothing after it", word)
	}
	switch word {
	case "match", "unless":
		p, err := f.pattern(rest)
		if err != nil {
			return err
		}
		if word == "match" {
			f.rule.match = append(f.rule.match, p)
		} else {
			f.rule.unless = append(f.rule.unless, p)
		}
	case "words":
		for w := range strings.SplitSeq(rest, "|") {
			f.rule.Words = append(f.rule.Words, strings.Join(split(w), " "))
		}
	case "yes":
		f.rule.Yes = append(f.rule.Yes, rest)
	case "no":
		f.rule.No = append(f.rule.No, rest)
	case "like":
		f.rule.Like = append(f.rule.Like, rest)
	case "near":
		return f.near(rest)
	default:
		return fmt.Errorf("%q is not list, rule, match, unless, words, yes, no, like or near", word)
	}
	return nil
}

func (f *file) near(rest string) error {
	n, err := strconv.ParseFloat(rest, 64)
	if err != nil || n <= 0 || n > 1 {
		return fmt.Errorf("near needs a number above 0 and up to 1, not %q", rest)
	}
	f.rule.near = n
	return nil
}

func (f *file) list(rest string) error {
	name, phrases, ok := strings.Cut(rest, ":")
	if !ok {
		return errors.New("a list needs a colon after its name")
	}
	for p := range strings.SplitSeq(phrases, "|") {
		if p = strings.TrimSpace(p); p != "" {
			f.lists[strings.TrimSpace(name)] = append(f.lists[strings.TrimSpace(name)], p)
		}
	}
	return nil
}

func (f *file) begin(rest string) error {
	parts := strings.Fields(rest)
	if len(parts) != 3 {
		return errors.New("a rule needs an id, a kind and a language")
	}
	for _, r := range f.set.rules {
		if r.ID == parts[0] {
			return fmt.Errorf("the rule %q is in %s:%d too", r.ID, r.File, r.Line)
		}
	}
	f.rule = &Rule{ID: parts[0], Kind: parts[1], Language: parts[2], File: f.name, Line: f.line}
	f.set.rules = append(f.set.rules, f.rule)
	return nil
}

func (f *file) pattern(text string) (pattern, error) {
	var p pattern
	for part := range strings.FieldsSeq(text) {
		switch part {
		case "^":
			p.start = true
		case "$":
			p.end = true
		case "..":
			p.elements = append(p.elements, element{gap: shortGap})
		case "...":
			p.elements = append(p.elements, element{gap: longGap})
		default:
			el, err := f.element(part)
			if err != nil {
				return p, err
			}
			p.elements = append(p.elements, el)
		}
	}
	if len(p.elements) == 0 {
		return p, errors.New("the pattern has no words")
	}
	return p, nil
}

func (f *file) element(part string) (element, error) {
	part, optional := strings.CutSuffix(part, "?")
	if strings.Contains(part, "?") {
		return element{}, fmt.Errorf("%q: a question mark stands at the end of all choices", part)
	}
	el := element{optional: optional}
	for alt := range strings.SplitSeq(part, "|") {
		phrases := []string{strings.ReplaceAll(alt, "_", " ")}
		if strings.HasPrefix(alt, "<") && strings.HasSuffix(alt, ">") {
			if phrases = f.lists[alt[1:len(alt)-1]]; phrases == nil {
				return el, fmt.Errorf("there is no list %s in this file", alt)
			}
		}
		for _, phrase := range phrases {
			var ids []int
			for w := range strings.FieldsSeq(phrase) {
				ids = append(ids, f.set.vocab.add(w)...)
			}
			if len(ids) == 0 {
				return el, fmt.Errorf("%q has an empty choice", part)
			}
			el.phrases = append(el.phrases, ids)
		}
	}
	return el, nil
}
