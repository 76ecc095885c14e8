// Command fit computes the weights of the matcher (knowledge/weights.json) from labelled questions.
//
//	go run ./knowledge/fit -eval DIR -out knowledge/weights.json
//
// DIR has a folder a set, each with sections.jsonl and questions.jsonl as "docent eval" reads them. Besides, the shipped
// article is used with this project's own questions (knowledge/eval/testdata). Every set counts the same. The result
// depends on nothing but the input.
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

// Options of a set.
type set struct {
	name    string
	within  bool // search only the question's article
	limit   int  // questions taken, evenly spread
	verdict bool // has questions that no section answers
}

// sets are the labelled questions that are fitted on.
var sets = []set{
	{"hint3", true, 716, true}, {"covidfaq", false, 415, false}, {"stackfaq", false, 500, false},
	{"kb_abstain", true, 1500, true}, {"clinc150", false, 700, true},
}

// An example is a question with what the matcher saw.
type example struct {
	seen   []knowledge.Observation
	right  []bool // by seen
	weight float64
	inside bool // some section answers
}

func main() {
	dir := flag.String("eval", "", "folder of labelled sets")
	out := flag.String("out", "knowledge/weights.json", "file to write")
	flag.Parse()
	if err := run(*dir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

func run(dir, out string) error {
	w, err := knowledge.FittedWeights()
	if err != nil {
		return err
	}
	for _, limit := range []int{-1, 1 << 30} { // by words alone, then with meaning
		bases, err := open(dir, limit)
		if err != nil {
			return err
		}
		examples := observe(bases, w, false)
		used := len(w.Meaning)
		rank := &w.Meaning
		if limit < 0 {
			used, rank = knowledge.WordFeatures, &w.Words
		}
		*rank = fitRank(examples, used, len(w.Meaning))
		answers := &w.Answers
		if limit < 0 {
			answers = &w.Lexical
		}
		*answers = fitVerdict(observe(bases, w, true), len(w.Answers))
	}
	b, err := json.MarshalIndent(w, "", " ")
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

func open(dir string, meaning int) ([]labelled, error) {
	own, err := knowledge.Open([]knowledge.Library{{FS: library.FS(), Name: "library"}}, knowledge.Options{Meaning: meaning})
	if err != nil {
		return nil, err
	}
	qs, err := questions("knowledge/eval/testdata/questions.jsonl")
	if err != nil {
		return nil, err
	}
	out := []labelled{{set{"ketamine", false, len(qs), true}, own, qs}}
	for _, s := range sets {
		f, err := os.Open(filepath.Join(dir, s.name, "sections.jsonl"))
		if err != nil {
			return nil, err
		}
		articles, err := eval.ReadSections(f)
		f.Close()
		if err != nil {
			return nil, err
		}
		base, err := knowledge.New(articles, knowledge.Options{Meaning: meaning})
		if err != nil {
			return nil, err
		}
		qs, err := questions(filepath.Join(dir, s.name, "questions.jsonl"))
		if err != nil {
			return nil, err
		}
		out = append(out, labelled{s, base, spread(qs, s.limit)})
		fmt.Fprintln(os.Stderr, "opened", s.name)
	}
	return out, nil
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

// observe asks all questions. For the verdict, only sets that have unanswerable questions count.
func observe(bases []labelled, w knowledge.Weights, verdict bool) []example {
	var out []example
	for _, l := range bases {
		if verdict && !l.verdict {
			continue
		}
		if err := l.base.SetWeights(w); err != nil {
			panic(err) // the weights come from this program
		}
		weight := 1 / float64(len(l.questions))
		if l.name == "ketamine" {
			weight *= 5
		}
		for _, q := range l.questions {
			if q.Expect == "dose" || q.Expect == "crisis" || q.Expect == "chitchat" {
				continue // these never reach the matcher
			}
			query := knowledge.Query{Text: q.Text}
			if l.within {
				query.Article = q.Article
			}
			e := example{seen: l.base.Observe(query), weight: weight, inside: len(q.Relevant) > 0}
			for _, s := range e.seen {
				e.right = append(e.right, relevant(q, s.Ref.Section))
			}
			out = append(out, e)
		}
	}
	return out
}

func relevant(q eval.Question, section string) bool {
	for _, r := range q.Relevant {
		if r == section || strings.HasSuffix(r, "/"+section) {
			return true
		}
	}
	return false
}
