package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"

	"github.com/spf13/cobra"

	"docent/knowledge"
	"docent/knowledge/eval"
)

// evalFlags are the flags of "docent eval".
type evalFlags struct {
	base, sections, questions, out string
	asJSON                         bool
	options                        eval.Options
}

func (p *program) evalCommand() *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use:   "eval --questions FILE.jsonl",
		Short: "Measure how well labelled questions land on the right section",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return usageError{err, cmd.CommandPath()}
			}
			return p.eval(f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.base, "base", "", "folder of articles (default: the configured articles)")
	fl.StringVar(&f.sections, "sections", "", "file of sections, one {id, article, title, text} a line, instead of articles")
	fl.StringVar(&f.questions, "questions", "", "file of questions, one {id, question, relevant} a line")
	fl.BoolVar(&f.options.ArticleOnly, "article-only", false, "search only the article that the question names")
	fl.Float64Var(&f.options.Typos, "typos", 0, "share of the words that are misspelt first, from 0 to 1")
	fl.Uint64Var(&f.options.Seed, "seed", 1, "seed of the misspellings")
	fl.StringVar(&f.out, "out", "", "file to write an answer a line to")
	fl.BoolVar(&f.asJSON, "json", false, "print the report as JSON")
	return cmd
}

func (f *evalFlags) check() error {
	switch {
	case f.questions == "":
		return errors.New("name the questions with --questions FILE.jsonl")
	case f.base != "" && f.sections != "":
		return errors.New("--base and --sections exclude each other: give one")
	case math.IsNaN(f.options.Typos) || f.options.Typos < 0 || f.options.Typos > 1:
		return errors.New("--typos must be between 0 and 1")
	}
	return nil
}

func (p *program) eval(f evalFlags) error {
	file, err := os.Open(f.questions)
	if err != nil {
		return fmt.Errorf("read questions: %w", err)
	}
	defer file.Close()
	qs, err := eval.ReadQuestions(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.questions, err)
	}
	base, err := p.evalBase(f)
	if err != nil {
		return err
	}
	if isTerminal(p.err) {
		f.options.Progress = func(done, all int) {
			if done%20 == 0 || done == all {
				fmt.Fprintf(p.err, "\r%d of %d questions", done, all)
			}
			if done == all {
				fmt.Fprintln(p.err)
			}
		}
	}
	answers := eval.Run(base, qs, f.options)
	if err := writeAnswers(f.out, answers); err != nil {
		return err
	}
	report := eval.Sum(answers)
	if f.asJSON {
		return json.NewEncoder(p.out).Encode(report)
	}
	report.Write(p.out, true)
	return nil
}

// evalBase opens what the questions are asked of.
func (p *program) evalBase(f evalFlags) (*knowledge.Base, error) {
	c, err := p.loadConfig()
	if err != nil {
		return nil, err
	}
	if f.sections == "" && f.base == "" {
		return openBase(c, p.cacheFile(c.Knowledge.Cache), slog.New(slog.DiscardHandler))
	}
	options := knowledge.Options{Cache: p.cacheFile(c.Knowledge.Cache)}
	if f.base != "" {
		return knowledge.Open([]knowledge.Library{folder(f.base)}, options)
	}
	file, err := os.Open(f.sections)
	if err != nil {
		return nil, fmt.Errorf("read sections: %w", err)
	}
	defer file.Close()
	articles, err := eval.ReadSections(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.sections, err)
	}
	return knowledge.New(articles, options)
}

// writeAnswers writes one answer a line to path, if one is given.
func writeAnswers(path string, answers []eval.Answer) error {
	if path == "" {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write answers: %w", err)
	}
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	for _, a := range answers {
		if err := e.Encode(a); err != nil {
			return errors.Join(fmt.Errorf("write answers: %w", err), f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}
