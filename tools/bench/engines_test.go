package main

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/sahilm/fuzzy"
	_ "modernc.org/sqlite"

	"docent/knowledge"
	"docent/knowledge/text"
)

// best is the number of sections that each engine returns.
const best = 10

// An index finds the sections that a question is about.
type index interface {
	find(question string, dst []int) ([]int, error) // appends the numbers of up to ten sections, best first
	outside() int64                                 // bytes that Go's heap does not show
	close() error
}

// An engine builds indexes.
type engine struct {
	name  string
	limit int // sections above which it is not measured; 0: none
	open  func(sections []section) (index, error)
}

func engines() []engine {
	return []engine{
		{"Docent", 0, func(s []section) (index, error) { return openDocent(s, -1) }},
		{"Docent by meaning too", 8, func(s []section) (index, error) { return openDocent(s, 0) }},
		{"bleve", 0, func(s []section) (index, error) { return openBleve(s, "title", "body") }},
		{"bleve on one field", 0, func(s []section) (index, error) { return openBleve(s, "all") }},
		{"FTS5", 0, func(s []section) (index, error) { return openFTS(s, false) }},
		{"FTS5 less function words", 0, func(s []section) (index, error) { return openFTS(s, true) }},
		{"sahilm/fuzzy on titles", 0, openFuzzy},
	}
}

type docentIndex struct{ base *knowledge.Base }

// sectionsOfArticle is the number of sections in an article, as many as the one has that ships with the program.
const sectionsOfArticle = 8

func openDocent(sections []section, meaning int) (index, error) {
	var articles []*knowledge.Article
	for i, s := range sections {
		if i%sectionsOfArticle == 0 {
			articles = append(articles, &knowledge.Article{ID: fmt.Sprint("a", i), Language: "en"})
		}
		a := articles[len(articles)-1]
		a.Sections = append(a.Sections, &knowledge.Section{
			Ref: knowledge.Ref{Article: a.ID, Section: strconv.Itoa(i)}, Article: a,
			Heading: s.title, Text: s.body, Version: "000000",
		})
	}
	base, err := knowledge.New(articles, knowledge.Options{Meaning: meaning})
	return docentIndex{base}, err
}

func (d docentIndex) find(question string, dst []int) ([]int, error) {
	for _, m := range d.base.Find(question).Matches {
		n, err := strconv.Atoi(m.Ref.Section)
		if err != nil {
			return nil, err
		}
		dst = append(dst, n)
	}
	return dst, nil
}

func (docentIndex) outside() int64 { return 0 }
func (docentIndex) close() error   { return nil }

type bleveIndex struct {
	bleve.Index
	fields []string
}

// openBleve indexes in memory with the scorch index, scored by BM25. Nothing is stored that finding does not need. A
// single field holds title and body together, which is faster and finds more; two fields are what Docent tells apart.
func openBleve(sections []section, fields ...string) (index, error) {
	field := bleve.NewTextFieldMapping()
	field.Analyzer = en.AnalyzerName
	field.Store, field.IncludeTermVectors, field.DocValues, field.IncludeInAll = false, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	for _, f := range fields {
		doc.AddFieldMappingsAt(f, field)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping, m.DefaultAnalyzer, m.ScoringModel = doc, en.AnalyzerName, "bm25"
	x, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, err
	}
	return bleveIndex{x, fields}, fillBleve(x, sections, len(fields) == 1)
}

// fillBleve adds sections in large batches: each becomes a segment, and few segments are faster to search.
func fillBleve(x bleve.Index, sections []section, together bool) error {
	const batchSize = 10_000
	batch := x.NewBatch()
	for i, s := range sections {
		doc := map[string]string{"title": s.title, "body": s.body}
		if together {
			doc = map[string]string{"all": s.title + " " + s.body}
		}
		if err := batch.Index(strconv.Itoa(i), doc); err != nil {
			return err
		}
		if batch.Size() == batchSize || i == len(sections)-1 {
			if err := x.Batch(batch); err != nil {
				return err
			}
			batch.Reset()
		}
	}
	return nil
}

func (x bleveIndex) find(question string, dst []int) ([]int, error) {
	either := bleve.NewDisjunctionQuery()
	for _, f := range x.fields {
		match := bleve.NewMatchQuery(question)
		match.SetField(f)
		either.AddQuery(match)
	}
	r, err := x.Search(bleve.NewSearchRequestOptions(either, best, 0, false))
	if err != nil {
		return nil, err
	}
	for _, h := range r.Hits {
		n, err := strconv.Atoi(h.ID)
		if err != nil {
			return nil, err
		}
		dst = append(dst, n)
	}
	return dst, nil
}

func (bleveIndex) outside() int64 { return 0 }
func (x bleveIndex) close() error { return x.Close() }

// A ftsIndex is a table of SQLite's FTS5 in memory. It stores the index alone, not the texts.
type ftsIndex struct {
	db      *sql.DB
	query   *sql.Stmt
	telling bool // function words are taken from the question first: FTS5 has no list of them
}

func openFTS(sections []section, telling bool) (index, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // each connection would have a memory of its own
	if _, err := db.Exec(`CREATE VIRTUAL TABLE s USING fts5(title, body, content='', tokenize='porter unicode61')`); err != nil {
		return nil, err
	}
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	insert, err := tx.Prepare(`INSERT INTO s(rowid, title, body) VALUES (?, ?, ?)`)
	if err != nil {
		return nil, err
	}
	for i, s := range sections {
		if _, err := insert.Exec(i, s.title, s.body); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	query, err := db.Prepare(`SELECT rowid FROM s WHERE s MATCH ? ORDER BY rank LIMIT ` + strconv.Itoa(best))
	return ftsIndex{db, query, telling}, err
}

func (x ftsIndex) find(question string, dst []int) ([]int, error) {
	var b strings.Builder
	for _, w := range text.Words(nil, text.Fold(question)) {
		if x.telling && text.Stop(w) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" OR ")
		}
		b.WriteString(`"` + w + `"`)
	}
	rows, err := x.query.Query(b.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		dst = append(dst, n)
	}
	return dst, rows.Err()
}

func (x ftsIndex) outside() int64 {
	var pages, size int64
	if x.db.QueryRow(`PRAGMA page_count`).Scan(&pages) != nil || x.db.QueryRow(`PRAGMA page_size`).Scan(&size) != nil {
		return 0
	}
	return pages * size
}

func (x ftsIndex) close() error { return x.db.Close() }

type fuzzyIndex []string

func openFuzzy(sections []section) (index, error) {
	titles := make(fuzzyIndex, len(sections))
	for i, s := range sections {
		titles[i] = s.title
	}
	return titles, nil
}

// longestFuzzy is the length at which a question is cut: fuzzy's score overflows soon after.
const longestFuzzy = 40

func (x fuzzyIndex) find(question string, dst []int) ([]int, error) {
	found := fuzzy.Find(question[:min(len(question), longestFuzzy)], x)
	for _, m := range found[:min(len(found), best)] {
		dst = append(dst, m.Index)
	}
	return dst, nil
}

func (fuzzyIndex) outside() int64 { return 0 }
func (fuzzyIndex) close() error   { return nil }

// TestEnginesFind asks each engine for a section by rare words of its title. The fuzzy one gets the title alone.
func TestEnginesFind(t *testing.T) {
	v := newVocabulary(t)
	sections := v.sections(50)
	sections[7].title = "hedgehog marmalade trombone"
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			if e.limit > 0 {
				sections = sections[:e.limit]
			}
			x, err := e.open(sections)
			if err != nil {
				t.Fatal(err)
			}
			defer x.close()
			asked := "what do a hedgehog and marmalade have to do with the trombone?"
			if e.name == "sahilm/fuzzy on titles" {
				if got, err := x.find(asked, nil); err != nil || len(got) != 0 {
					t.Errorf("a natural question: got %v, %v; the README says that it finds none", got, err)
				}
				asked = "marmalade"
			}
			got, err := x.find(asked, nil)
			if err != nil || len(got) == 0 || got[0] != 7 || len(got) > best {
				t.Errorf("got %v, %v, want 7 first", got, err)
			}
		})
	}
}
