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
	wordPicks    = 24 // else the best by words,
	lexicalPicks = 48 // or where meanings are compared, the best by words
	meaningPicks = 24 // and by meaning
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
	stem    *text.Stemmer
	forms   []string    // the question's words
	looked  []word      // what the index has for each
	joint   []byte      // two words as one
	reads   [2]reading  // as written, as repaired
	spare   []candidate // those of the better reading so far
	reasons []Evidence
}

// forget takes the question out of what is kept for the next search.
func (w *worker) forget() {
	clear(w.forms[:cap(w.forms)])
	clear(w.looked[:cap(w.looked)])
	clear(w.reasons[:cap(w.reasons)])
	clear(w.joint[:cap(w.joint)])
	clear(w.query[:cap(w.query)])
	clear(w.own.IDs[:cap(w.own.IDs)])
	clear(w.own.Rows[:cap(w.own.Rows)])
	w.heard, w.pieces, w.vec, w.article = nil, nil, nil, ""
	clear(w.units[:cap(w.units)])
	w.post.forget()
	clear(w.found[:cap(w.found)])
	clear(w.where[:cap(w.where)])
	clear(w.hits[:cap(w.hits)])
	clear(w.spots[:cap(w.spots)])
	clear(w.telling[:cap(w.telling)])
	w.stem.Forget()
	for i := range w.reads {
		r := &w.reads[i]
		clear(r.words[:cap(r.words)])
		clear(r.bigrams[:cap(r.bigrams)])
		*r = reading{words: r.words[:0], bigrams: r.bigrams[:0]}
	}
}

func (sr *searcher) worker() *worker {
	if w, ok := sr.pool.Get().(*worker); ok {
		return w
	}
	language := "en"
	if len(sr.x.sections) > 0 {
		language = sr.x.sections[0].Article.Language
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
	w.heard = q.Heard
	best := sr.understand(w, q.Text, from, to)
	var result Result
	if len(q.History) > 0 {
		result = sr.followUp(w, q, best, from, to)
	} else {
		result = sr.result(w, &best)
	}
	w.forget()
	sr.pool.Put(w)
	return result
}

// scope returns the docs of an article, or all when none is named.
func (sr *searcher) scope(article string) (from, to int32) {
	if article == "" {
		return 0, int32(len(sr.x.sections))
	}
	return sr.x.article(article)
}

// An outcome is a reading of a question with its ranked candidates. Both are the worker's, until it reads the next
// question.
type outcome struct {
	reading reading
	cands   []candidate
	meaning bool    // whether meanings were compared
	outside float64 // see scratch

	lexical    float32 // the greatest fLexical of a candidate,
	anywhere   float32 // and fPieceAny
	total      float64 // what the shares of the candidates' scores are of (softmax)
	weightiest float64 // the greatest idf of a word of the question
	foreign    float64 // see sForeign,
	length     float64 // sLength
	sections   float64 // and sSections
}

// understand ranks the sections for each reading of the question and returns the better outcome.
func (sr *searcher) understand(w *worker, question string, from, to int32) outcome {
	var best outcome
	for i := range sr.x.read(question, w) {
		r := &w.reads[i]
		sr.narrow(r, from, to, &w.scratch)
		o := outcome{reading: *r, cands: sr.rank(r, from, to, &w.scratch)}
		o.meaning, o.outside = len(w.sims) > 0, w.outside
		if i == 0 || o.better(&best) {
			o.survey(int(to - from))
			best = o
			w.cands, w.spare = w.spare, w.cands // the next reading must not write over them
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
func (sr *searcher) narrow(r *reading, from, to int32, s *scratch) {
	r.mass = 0
	s.post.begin()
	s.found = s.found[:0]
	for i := range r.words {
		w := &r.words[i]
		var f found
		if w.id >= 0 {
			f = sr.x.lists.read(&s.post, w.id, from, to)
		}
		s.found = append(s.found, f)
		df := f.df() // a section stands once in the list
		w.here = df > 0
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

// rank returns the sections of [from, to) that may answer a reading, the best ones first. The slice is the worker's.
func (sr *searcher) rank(r *reading, from, to int32, s *scratch) []candidate {
	sr.x.lexical(r, s)
	s.sims, s.outside = s.sims[:0], float64(noSimilarity)
	if sr.vectors != nil && to-from <= meaningScan {
		sr.vectors.compare(sr.x, r.asked, from, to, s)
	}
	s.pick(from, to)
	sr.x.locate(r, s)
	net := &sr.model.model(len(s.sims) > 0).Rank
	s.batch.begin(net, len(s.cands))
	for i := range s.cands {
		c := &s.cands[i]
		sr.vectors.begin(c, s)
		sr.x.overlap(c, r, s)
		sr.vectors.similar(c, s)
		sr.vectors.support(c, s)
		sr.vectors.exclude(c, sr.x.sections[c.doc].Ref.Article, s)
		for k, v := range c.f {
			s.batch.set(i, k, v)
		}
	}
	for i, v := range s.batch.run(net)[:len(s.cands)] {
		s.cands[i].score = float64(v)
	}
	s.reading = nil
	bestFirst(s.cands)
	return s.cands
}

// bestFirst moves as many of the best candidates to the front, in order, as a Result has.
func bestFirst(cands []candidate) {
	for i := range min(len(cands), maxMatches) {
		best := i
		for j := i + 1; j < len(cands); j++ {
			if cands[j].before(&cands[best]) {
				best = j
			}
		}
		cands[i], cands[best] = cands[best], cands[i]
	}
}

// before reports whether c comes before o.
func (c *candidate) before(o *candidate) bool {
	return c.score > o.score || c.score == o.score && c.doc < o.doc
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
	picks := wordPicks
	if len(s.sims) > 0 {
		picks = lexicalPicks
	}
	s.order = top(s.order[:0], s.touched, picks, s.score)
	if len(s.sims) > 0 {
		s.all = s.all[:0]
		for d := from; d < to; d++ {
			s.all = append(s.all, d)
		}
		for _, value := range [...][]float32{s.whole, s.nearest} {
			s.order = top(s.order, s.all, meaningPicks, value)
		}
	}
	slices.Sort(s.order) // so that lists are read forwards
	s.order = slices.Compact(s.order)
	for _, d := range s.order {
		s.cands = append(s.cands, candidate{doc: d, best: -1, sentence: -1})
	}
}

// top appends the n docs with the greatest values to dst, in no order. Of equal values the lower doc is taken.
func top(dst, docs []int32, n int, value []float32) []int32 {
	n = min(n, len(docs))
	dst = append(dst, docs[:n]...)
	heap := dst[len(dst)-n:] // the least is at the root
	if len(docs) == n {
		return dst
	}
	for i := n/2 - 1; i >= 0; i-- {
		sift(heap, i, value)
	}
	least := value[heap[0]]
	for _, d := range docs[n:] {
		if v := value[d]; v > least || v == least && d < heap[0] {
			heap[0] = d
			sift(heap, 0, value)
			least = value[heap[0]]
		}
	}
	return dst
}

// sift moves the doc at i down to where no lesser one is below it.
func sift(heap []int32, i int, value []float32) {
	d := heap[i]
	v := value[d]
	for {
		c := 2*i + 1
		if c >= len(heap) {
			break
		}
		cv := value[heap[c]]
		if c+1 < len(heap) {
			if rv := value[heap[c+1]]; rv < cv || rv == cv && heap[c+1] > heap[c] {
				c, cv = c+1, rv
			}
		}
		if cv > v || cv == v && heap[c] < d {
			break
		}
		heap[i] = heap[c]
		i = c
	}
	heap[i] = d
}
