// Command fit computes the weights of the matcher (knowledge/weights.json) from labelled questions.
//
//	go run ./knowledge/fit -eval DIR -out knowledge/weights.json
//
// DIR has a folder a set, each with sections.jsonl and questions.jsonl as "docent eval" reads them. Besides, the shipped
// article is used with this project's own questions (knowledge/eval/testdata). The result depends on nothing but the
// input: starts and draws come from fixed seeds.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"docent/knowledge"
	"docent/knowledge/eval"
	"docent/knowledge/library"
)

// A set is a folder of labelled questions, and how it is used.
type set struct {
	name    string
	within  bool    // search only the question's article
	limit   int     // questions taken, evenly spread
	rank    float64 // weight of the whole set in fitting the order of sections,
	verdict float64 // and in fitting the probability that the first answers
	strange bool    // has no unanswerable questions, or few: is also asked those of other sets
}

// sets are the labelled questions that are fitted on.
var sets = []set{
	{name: "hint3", within: true, limit: 716, rank: 1, verdict: 1},
	{name: "covidfaq", limit: 415, rank: 1, verdict: 0.3, strange: true},
	{name: "stackfaq", limit: 1249, rank: 1, verdict: 0.4, strange: true},
	{name: "kb_abstain", within: true, limit: 1500, rank: 1, verdict: 1},
	{name: "clinc150", limit: 1500, rank: 1, verdict: 1},
	{name: "banking77", limit: 800, rank: 1},
	{name: "covidqa", within: true, limit: 729, rank: 1, verdict: 0.3, strange: true},
	{name: "squad11", within: true, limit: 2000, rank: 1, verdict: 0.5, strange: true},
	{name: "squad20", within: true, limit: 1200, verdict: 0.2},
}

// An example is a question with what the matcher saw.
type example struct {
	seen          []knowledge.Observation
	right         []bool  // by seen
	rank, verdict float64 // weights
	inside        bool    // some section answers
}

func main() {
	dir := flag.String("eval", "", "folder of labelled sets")
	out := flag.String("out", "knowledge/weights.json", "file to write")
	cache := flag.String("cache", "", "file that keeps vectors, so that the next run starts faster")
	flag.Parse()
	if err := run(*dir, *out, *cache); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

func run(dir, out, cache string) error {
	w, err := knowledge.FittedWeights()
	if err != nil {
		return err
	}
	for _, limit := range []int{-1, 1 << 30} { // by words alone, then with meaning
		bases, err := open(dir, cache, limit)
		if err != nil {
			return err
		}
		m := &w.Meaning
		if limit < 0 {
			m = &w.Words
		}
		m.Rank = fitRank(observe(bases, w))
		m.Answers = fitAnswers(observe(bases, w))
	}
	b, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(b, '\n'), 0o644)
}

// A labelled base is a base with its questions.
type labelled struct {
	set
	base      *knowledge.Base
	questions []eval.Question
}

func open(dir, cache string, meaning int) ([]labelled, error) {
	own, err := knowledge.Open([]knowledge.Library{{FS: library.FS(), Name: "library"}}, knowledge.Options{Meaning: meaning, Cache: cache})
	if err != nil {
		return nil, err
	}
	qs, err := questions("knowledge/eval/testdata/questions.jsonl")
	if err != nil {
		return nil, err
	}
	out := []labelled{{set{name: "ketamine", rank: 1, verdict: 2, strange: true}, own, qs}}
	for _, s := range sets {
		articles, err := sections(filepath.Join(dir, s.name, "sections.jsonl"))
		if err != nil {
			return nil, err
		}
		qs, err := questions(filepath.Join(dir, s.name, "questions.jsonl"))
		if err != nil {
			return nil, err
		}
		l := labelled{set: s, questions: spread(qs, s.limit)}
		if l.base, err = knowledge.New(articles, knowledge.Options{Meaning: meaning, Cache: cache}); err != nil {
			return nil, err
		}
		out = append(out, l)
		fmt.Fprintln(os.Stderr, "opened", s.name)
	}
	return out, nil
}

func sections(path string) ([]*knowledge.Article, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return eval.ReadSections(f)
}

func questions(path string) ([]eval.Question, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return eval.ReadQuestions(f)
}

// spread takes n questions at even distances.
func spread(qs []eval.Question, n int) []eval.Question {
	if len(qs) <= n {
		return qs
	}
	out := make([]eval.Question, n)
	for i := range out {
		out[i] = qs[i*len(qs)/n]
	}
	return out
}

// observe asks each base its own questions, and those that lack unanswerable ones the questions of others.
func observe(bases []labelled, w knowledge.Weights) []example {
	var out []example
	for i, l := range bases {
		if err := l.base.SetWeights(w); err != nil {
			panic(err) // the weights come from this program
		}
		from := len(out)
		for _, q := range l.questions {
			if q.Expect == "dose" || q.Expect == "crisis" || q.Expect == "chitchat" {
				continue // these never reach the matcher
			}
			out = append(out, l.ask(q))
		}
		if l.strange {
			for _, q := range strangers(bases, i) {
				out = append(out, l.ask(q))
			}
		}
		n := float64(len(out) - from)
		for k := range out[from:] {
			out[from+k].rank, out[from+k].verdict = l.rank/n, l.verdict/n
		}
		fmt.Fprintln(os.Stderr, "asked", l.name)
	}
	return out
}

func (l *labelled) ask(q eval.Question) example {
	query := knowledge.Query{Text: q.Text}
	if l.within {
		query.Article = q.Article
	}
	e := example{seen: l.base.Observe(query), inside: len(q.Relevant) > 0}
	for _, s := range e.seen {
		e.right = append(e.right, relevant(q, s.Ref.Section))
	}
	return e
}

// strangers returns questions of the other bases, which base number k does not answer: two fifths as many as it has of
// its own, evenly from all. Those that name a subject of its articles are left out.
func strangers(bases []labelled, k int) []eval.Question {
	self := &bases[k]
	each := len(self.questions) * 2 / 5 / (len(bases) - 1)
	var out []eval.Question
	for i, l := range bases {
		if i == k || strings.HasPrefix(l.name, "squad") && strings.HasPrefix(self.name, "squad") {
			continue
		}
		for _, q := range spread(l.questions, each) {
			if self.names(q.Text) {
				continue
			}
			q.Article, q.Relevant = self.questions[len(out)%len(self.questions)].Article, nil
			out = append(out, q)
		}
	}
	return out
}

// names reports whether a text names the subject of an article: its title or another name of it.
func (l *labelled) names(text string) bool {
	for _, a := range l.base.Articles() {
		for _, n := range append([]string{a.Title}, a.Aliases...) {
			if n != "" && strings.Contains(strings.ToLower(text), strings.ToLower(n)) {
				return true
			}
		}
	}
	return false
}

func relevant(q eval.Question, section string) bool {
	for _, r := range q.Relevant {
		if r == section || strings.HasSuffix(r, "/"+section) {
			return true
		}
	}
	return false
}
