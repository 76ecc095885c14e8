package knowledge

import (
	"slices"
	"sync"

	"docent/knowledge/text"
)

// maxMatches is the number of matches in a Result.
const maxMatches = 10

// Numbers of sections that are looked at closely.
const (
	fewSections  = 64 // up to this many, all of them
	lexicalPicks = 48 // else the best by words ...
	meaningPicks = 24 // ... and by meaning
	meaningScan  = 20000
)

// A searcher finds sections in one index. It is immutable but for its pools.
type searcher struct {
	x       *index
	vectors *vectors // nil: words only
	model   *weights
	pool    sync.Pool // *worker
}

// A worker is what one search needs for itself.
type worker struct {
	scratch
	stem *text.Stemmer
}

func (sr *searcher) worker() *worker {
	if w, ok := sr.pool.Get().(*worker); ok {
		return w
	}
	language := "en"
	if len(sr.x.docs) > 0 {
		language = sr.x.docs[0].section.Article.Language
	}
	return &worker{stem: text.NewStemmer(language)}
}

// search answers a query.
func (sr *searcher) search(q Query) Result {
	if len(q.Text) > MaxQuestion {
		return Result{TooLong: true}
	}
	from, to := sr.scope(q.Article)
	if from == to {
		return Result{}
	}
	w := sr.worker()
	defer sr.pool.Put(w)
	best := sr.understand(w, q.Text, from, to)
	if len(q.History) > 0 {
		return sr.followUp(w, q, best, from, to)
	}
	return sr.result(&best, from, to)
}

// scope returns the docs of an article, or all when none is named.
func (sr *searcher) scope(article string) (from, to int32) {
	if article == "" {
		return 0, int32(len(sr.x.docs))
	}
	span := sr.x.articles[article]
	return span[0], span[1]
}

// An outcome is a reading of a question with its ranked candidates.
type outcome struct {
	reading reading
	cands   []candidate
	meaning bool    // whether meanings were compared
	outside float64 // see scratch
	notHere float64
}

// understand ranks the sections for each reading of the question and returns the better outcome.
func (sr *searcher) understand(w *worker, question string, from, to int32) outcome {
	var best outcome
	for i, r := range sr.x.read(question, w.stem) {
		sr.narrow(&r, from, to)
		o := outcome{reading: r, cands: slices.Clone(sr.rank(&r, from, to, &w.scratch))}
		o.meaning, o.outside, o.notHere = len(w.sims) > 0, w.outside, w.notHere
		if i == 0 || o.better(&best) {
			best = o
		}
	}
	return best
}

// better reports whether a repaired reading beats the original one. It must explain more, not merely as much.
func (o *outcome) better(original *outcome) bool {
	return len(o.cands) > 0 && (len(original.cands) == 0 || o.cands[0].score > original.cands[0].score)
}

// narrow weighs the words among the sections in [from, to). It takes weight from those that name the topic of them all:
// they tell no section from another, and an answer must not be given for their sake.
func (sr *searcher) narrow(r *reading, from, to int32) {
	r.mass = 0
	for i := range r.words {
		w := &r.words[i]
		df := 0
		if w.id >= 0 {
			df = len(within(sr.x.post[w.id], from, to)) // a section stands once in the list
		}
		w.idf = telling(df, int(to-from), w.share)
		r.mass += w.idf
	}
}

// telling is how much a term tells that stands in df of n sections.
func telling(df, n int, share float64) float64 {
	const rest = 0.25
	if topical(df, n) {
		return rest * inverse(df, n, share)
	}
	return inverse(df, n, share)
}

// rank returns the sections of [from, to) that may answer a reading, best first. The slice is the worker's.
func (sr *searcher) rank(r *reading, from, to int32, s *scratch) []candidate {
	sr.x.lexical(r, from, to, s)
	s.sims, s.outside, s.notHere = s.sims[:0], float64(noSimilarity), float64(noSimilarity)
	if sr.vectors != nil && to-from <= meaningScan {
		sr.vectors.compare(sr.x, r.asked, from, to, s)
	}
	s.pick(from, to)
	sr.x.markWords(r, s)
	model := sr.model.model(len(s.sims) > 0)
	for i := range s.cands {
		c := &s.cands[i]
		sr.x.overlap(c, r, s)
		sr.x.similar(c, s)
		sr.vectors.support(c, s)
		c.score = model.score(&c.f)
	}
	sr.x.unmarkWords(r, s)
	slices.SortFunc(s.cands, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return int(a.doc - b.doc)
	})
	return s.cands
}

// pick chooses the candidates.
func (s *scratch) pick(from, to int32) {
	s.cands = s.cands[:0]
	if to-from <= fewSections {
		for d := from; d < to; d++ {
			s.cands = append(s.cands, candidate{doc: d, best: -1, sentence: -1})
		}
		return
	}
	s.order = append(s.order[:0], s.touched...)
	s.order = top(s.order, lexicalPicks, s.score)
	if len(s.sims) > 0 {
		for _, value := range [...][]float32{s.whole, s.nearest} {
			s.all = s.all[:0]
			for d := from; d < to; d++ {
				s.all = append(s.all, d)
			}
			s.order = append(s.order, top(s.all, meaningPicks, value)...)
		}
		slices.Sort(s.order)
		s.order = slices.Compact(s.order)
	}
	for _, d := range s.order {
		s.cands = append(s.cands, candidate{doc: d, best: -1, sentence: -1})
	}
}

// top moves the n docs with the greatest values to the front and returns them. Equal values keep the lower doc.
func top(docs []int32, n int, value []float32) []int32 {
	if len(docs) > n {
		quickSelect(docs, n, value)
		docs = docs[:n]
	}
	return docs
}

// quickSelect partitions docs so that the n best come first.
func quickSelect(docs []int32, n int, value []float32) {
	before := func(a, b int32) bool { return value[a] > value[b] || value[a] == value[b] && a < b }
	lo, hi := 0, len(docs)-1
	for lo < hi {
		p := docs[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for before(docs[i], p) {
				i++
			}
			for before(p, docs[j]) {
				j--
			}
			if i <= j {
				docs[i], docs[j] = docs[j], docs[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j:
			hi = j
		case n >= i:
			lo = i
		default:
			return
		}
	}
}
