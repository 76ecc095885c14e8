// Package eval measures how well questions land on the right section: it reads labelled questions, asks a Base, and
// reports recall, refusals, calibration and speed. It knows nothing of conversations or platforms.
package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"docent/knowledge"
)

// A Question is a labelled question: Relevant names the sections that answer it, by id as the sections' file gives it.
// An empty Relevant means that no section does.
type Question struct {
	ID       string   `json:"id"`
	Text     string   `json:"question"`
	Relevant []string `json:"relevant"`
	Article  string   `json:"article"`
	History  []string `json:"history"`
	Kind     string   `json:"kind"`
	Expect   string   `json:"expect"`
	Answers  []string `json:"answers"`       // what the sentence that answers contains, one of them
	Needs    *bool    `json:"needs_history"` // whether it can only be understood with its history; nil: nobody said
}

// ReadQuestions reads one JSON object a line.
func ReadQuestions(r io.Reader) ([]Question, error) {
	var out []Question
	err := lines(r, func(n int, b []byte) error {
		var q Question
		if err := json.Unmarshal(b, &q); err != nil {
			return fmt.Errorf("line %d: %w; each line must be an object with id, question and relevant", n, err)
		}
		if q.ID == "" {
			q.ID = fmt.Sprint(n)
		}
		out = append(out, q)
		return nil
	})
	return out, err
}

// A record is a line of a sections' file.
type record struct {
	ID      string `json:"id"`
	Article string `json:"article"`
	Title   string `json:"title"`
	Text    string `json:"text"`
	Parent  string `json:"article_title"`
}

// ReadSections reads one section a line, {id, article, title, text, article_title}, and returns them as articles. A text
// of short lines is taken as example questions, one a line.
func ReadSections(r io.Reader) ([]*knowledge.Article, error) {
	var order []*knowledge.Article
	byID := map[string]*knowledge.Article{}
	err := lines(r, func(n int, b []byte) error {
		var s record
		if err := json.Unmarshal(b, &s); err != nil || s.ID == "" {
			return fmt.Errorf("line %d: each line must be an object with id, article, title and text: %v", n, err)
		}
		a := byID[s.Article]
		if a == nil {
			a = &knowledge.Article{ID: s.Article, Title: s.Parent, Language: "en"}
			byID[s.Article] = a
			order = append(order, a)
		}
		sec := &knowledge.Section{Ref: knowledge.Ref{Article: s.Article, Section: s.ID}, Article: a, Heading: s.Title, Text: s.Text, Version: "000000"}
		if phrases := phraseList(s.Text); phrases != nil {
			sec.Ask, sec.Text = phrases, ""
		}
		a.Sections = append(a.Sections, sec)
		return nil
	})
	return order, err
}

// phraseList returns the lines of a text that is a list of phrases, as training phrases of an intent are, else nil.
func phraseList(s string) []string {
	all := strings.Split(strings.TrimSpace(s), "\n")
	if len(all) < 4 {
		return nil
	}
	sentences := 0
	for _, l := range all {
		if strings.HasSuffix(strings.TrimSpace(l), ".") {
			sentences++
		}
	}
	if len(s)/len(all) > 110 || sentences*3 > len(all) {
		return nil
	}
	return all
}

func lines(r io.Reader, f func(n int, b []byte) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<16), 64<<20)
	for n := 1; sc.Scan(); n++ {
		if b := sc.Bytes(); len(strings.TrimSpace(string(b))) > 0 {
			if err := f(n, b); err != nil {
				return err
			}
		}
	}
	return sc.Err()
}

// Options says how questions are asked.
type Options struct {
	ArticleOnly bool    // search only the question's article
	Typos       float64 // share of the words of four letters and more that are misspelt
	Seed        uint64  // of the misspellings
	Progress    func(done, all int)
}

// An Answer is what a Base said to a question.
type Answer struct {
	ID      string  `json:"id"`
	Verdict string  `json:"verdict"`
	Matches []Match `json:"matches"`
	Micros  int64   `json:"micros"`
	q       *Question
	alone   bool // whether the first match is right without the history too
	lead    bool // whether the first match's lead contains an answer
}

// A Match is a section of an Answer.
type Match struct {
	ID    string  `json:"id"`
	Score float64 `json:"score"`
}

// Run asks every question of the Base, one after the other.
func Run(b *knowledge.Base, qs []Question, o Options) []Answer {
	out := make([]Answer, 0, len(qs))
	for i := range qs {
		q := &qs[i]
		query := knowledge.Query{Text: misspell(q.Text, o.Typos, o.Seed, i), History: q.History}
		if o.ArticleOnly {
			query.Article = q.Article
		}
		began := time.Now()
		r := b.Search(query)
		a := Answer{ID: q.ID, Verdict: r.Verdict.String(), Micros: time.Since(began).Microseconds(), q: q}
		for _, m := range r.Matches {
			a.Matches = append(a.Matches, Match{m.Ref.Section, m.Score})
		}
		a.lead = len(r.Matches) > 0 && q.answers(r.Matches[0].Lead)
		if q.Needs != nil && len(q.History) > 0 {
			query.History = nil
			a.alone = first(b.Search(query), q)
		}
		out = append(out, a)
		if o.Progress != nil {
			o.Progress(i+1, len(qs))
		}
	}
	return out
}

// answers reports whether a sentence contains an answer.
func (q *Question) answers(sentence string) bool {
	return slices.ContainsFunc(q.Answers, func(a string) bool {
		return strings.Contains(strings.ToLower(sentence), strings.ToLower(strings.TrimSpace(a)))
	})
}

// first reports whether the first match of a result is relevant to a question.
func first(r knowledge.Result, q *Question) bool {
	a := Answer{q: q}
	for _, m := range r.Matches[:min(1, len(r.Matches))] {
		a.Matches = []Match{{ID: m.Ref.Section}}
	}
	return a.right(0)
}

// right reports whether the answer's match at rank (from 0) is a relevant section.
func (a *Answer) right(rank int) bool {
	if rank >= len(a.Matches) {
		return false
	}
	id := a.Matches[rank].ID
	return slices.ContainsFunc(a.q.Relevant, func(r string) bool {
		return r == id || r[strings.LastIndexByte(r, '/')+1:] == id
	})
}

func (a *Answer) score() float64 {
	if len(a.Matches) == 0 {
		return 0
	}
	return a.Matches[0].Score
}
