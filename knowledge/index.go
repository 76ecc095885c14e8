package knowledge

import (
	"math"

	"docent/knowledge/packed"
	"docent/knowledge/text"
)

// Weights and length normalisation of the fields in BM25F.
var (
	fieldWeight = [kinds]float64{kindBody: 1, kindHeading: 2.2, kindAlias: 1.6, kindAsk: 0.8, kindArticle: 0.4}
	fieldNorm   = [kinds]float64{kindBody: 0.6, kindHeading: 0.3, kindAlias: 0.3, kindAsk: 0.6, kindArticle: 0.3}
)

// saturation is BM25's k1.
const saturation = 1.2

// An index is an inverted index over sections, which are its docs, by number. It says where in a section each term
// stands and where its units are, and leaves the text to the section. It is immutable.
type index struct {
	sections []*Section // grouped by article
	terms    *terms
	speller  *text.Speller
	lists    lists
	unitData []byte
	unitAt   packed.Ints // by doc: where its units are in unitData

	articles packed.Table // of the articles' numbers, by their ids
	firsts   packed.Ints  // by article, and one more: its first doc

	abbreviations map[string]string // folded, with what the sections say they stand for
}

// newIndex indexes sections, which are grouped by article.
func newIndex(lex *text.Lexicon, sections []*Section) *index {
	language := "en"
	if len(sections) > 0 {
		language = sections[0].Article.Language
	}
	x := &index{sections: sections, abbreviations: map[string]string{}}
	b := newBuilder(lex, language)
	var firsts []int32
	for i, s := range sections {
		if i == 0 || sections[i-1].Ref.Article != s.Ref.Article {
			firsts = append(firsts, int32(i))
		}
		b.addSection(s)
		abbreviations(x.abbreviations, s.Text)
	}
	x.articles = packed.NewTable(len(firsts), func(i int) (uint32, uint32) {
		return packed.Hash(sections[firsts[i]].Ref.Article), uint32(i)
	})
	firsts = append(firsts, int32(len(sections)))
	x.firsts = packed.Pack(len(firsts), func(i int) uint64 { return uint64(firsts[i]) })
	x.terms = b.terms()
	x.speller = text.NewSpeller(x.terms.forms)
	b.weigh()
	x.unitData, x.unitAt = b.packUnits()
	x.lists = b.lists()
	return x
}

// article returns the docs of an article: the first and the one past the last.
func (x *index) article(id string) (from, to int32) {
	for p := x.articles.Probe(packed.Hash(id)); ; {
		i := p.Next()
		if i < 0 {
			return 0, 0
		}
		if from := x.firsts.At(i); x.sections[from].Ref.Article == id {
			return int32(from), int32(x.firsts.At(i + 1))
		}
	}
}

// topicShare is the share of an article's sections above which a term is the topic of the article rather than of one of
// its sections.
const topicShare = 0.6

// topical reports whether what stands in df of n sections is in nearly every one, so that it tells none of them apart.
func topical(df, n int) bool {
	return n >= 3 && float64(df) >= math.Ceil(topicShare*float64(n))
}
