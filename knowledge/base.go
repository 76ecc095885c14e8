package knowledge

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"docent/knowledge/encoder"
	"docent/knowledge/text"
)

// A Library is a folder of articles.
type Library struct {
	FS   fs.FS
	Name string // how messages call the folder, such as "articles"
}

// Options changes how a Base is opened. The zero value is the default.
type Options struct {
	Log *slog.Logger // nil: discard

	// Meaning is the number of sections up to which questions are also compared by meaning, which costs about 50 ms a
	// section on one core when the Base is opened. 0 means DefaultMeaning; a negative number means never.
	Meaning int

	// Cache is the file that keeps what meaning costs at the start, for the next start. It is made as needed, together
	// with its folder; one that cannot be read or written is only logged. Empty: nothing is kept.
	Cache string
}

// DefaultMeaning is the number of sections up to which a Base compares by meaning unless told otherwise.
const DefaultMeaning = 2000

// A Base answers questions from articles. It is safe for use by several goroutines; Reload swaps its contents at once.
type Base struct {
	libs    []Library
	options Options
	lex     *text.Lexicon
	model   *weights
	now     atomic.Pointer[contents]
	load    sync.Mutex // one Reload at a time
}

// contents are the articles as they are at one moment, and what finds them.
type contents struct {
	articles []*Article
	catalog  catalog // with what is withdrawn
	version  string
	search   *searcher
	related  sync.Map // Ref -> []*Section: the nearest, found when first asked for
}

// Open reads every *.md file of the libraries. The error, if any, is an Errors that lists all that is wrong in them.
func Open(libs []Library, o Options) (*Base, error) {
	articles, err := LoadLibraries(libs)
	if err != nil {
		return nil, err
	}
	b, err := New(articles, o)
	if err != nil {
		return nil, err
	}
	b.libs = libs
	return b, nil
}

// New returns a Base over articles that were made in memory.
func New(articles []*Article, o Options) (*Base, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	lex, err := text.English()
	if err != nil {
		return nil, err
	}
	model, err := fittedWeights()
	if err != nil {
		return nil, err
	}
	b := &Base{options: o, lex: lex, model: model}
	if err := b.set(articles); err != nil {
		return nil, err
	}
	return b, nil
}

// Reload reads the libraries again. On an error the earlier articles go on serving.
func (b *Base) Reload() error {
	b.load.Lock()
	defer b.load.Unlock()
	articles, err := LoadLibraries(b.libs)
	if err != nil {
		return err
	}
	return b.set(articles)
}

// maxText is the number of bytes of text that a Base holds: more would not fit in the numbers of its index.
const maxText = 256 << 20

// textOf returns the number of bytes of what is indexed, but for other names and example questions.
func textOf(articles []*Article) int {
	n := 0
	for _, a := range articles {
		for _, s := range a.Sections {
			n += len(s.Heading) + len(s.Text)
		}
	}
	return n
}

// set builds the index of articles and swaps it in.
func (b *Base) set(articles []*Article) error {
	if n := textOf(articles); n > maxText {
		return fmt.Errorf("the articles have %d MB of text, more than %d: split them among several bots", n>>20, maxText>>20)
	}
	began := time.Now()
	c := &contents{}
	h := sha256.New()
	var live, withdrawn []*Section
	for _, a := range articles {
		first := len(live)
		for _, s := range a.Sections {
			fmt.Fprintf(h, "%s %s %s\n", s.Ref, s.Version, s.Withdrawn)
			if s.Withdrawn == "" && a.Withdrawn == "" {
				live = append(live, s)
			} else {
				withdrawn = append(withdrawn, s)
			}
		}
		if len(live) > first {
			c.articles = append(c.articles, shown(a, live[first:]))
		}
	}
	all := slices.Concat(live, withdrawn) // one list is enough
	live = all[:len(live):len(live)]
	c.catalog = newCatalog(all)
	c.version = base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:6])
	c.search = &searcher{x: newIndex(b.lex, live), model: b.model}
	if err := b.addMeaning(c); err != nil {
		return err
	}
	b.now.Store(c)
	b.options.Log.Info("articles indexed", "articles", len(c.articles), "sections", len(live), "meaning", c.search.vectors != nil, "took", time.Since(began))
	return nil
}

// shown returns an article with those of its sections that are shown.
func shown(a *Article, sections []*Section) *Article {
	if len(sections) == len(a.Sections) {
		return a
	}
	some := *a
	some.Sections = slices.Clone(sections)
	return &some
}

func (b *Base) addMeaning(c *contents) error {
	limit := b.options.Meaning
	if limit == 0 {
		limit = DefaultMeaning
	}
	if n := len(c.search.x.sections); n == 0 || n > limit {
		return nil
	}
	model, err := sharedEncoder()
	if err != nil {
		return err
	}
	kept, err := openCache(b.options.Cache, model.Sum())
	if err != nil {
		b.options.Log.Warn("vectors not kept", "error", err)
	}
	c.search.vectors = embed(model, c, kept)
	if err := kept.save(model.Sum()); err != nil {
		b.options.Log.Warn("vectors not kept", "error", err)
	}
	return nil
}

// sharedEncoder is read once in a process: it only holds the weights.
var sharedEncoder = sync.OnceValues(encoder.Load)

// Articles returns the articles in reading order, without what is withdrawn.
func (b *Base) Articles() []*Article { return b.now.Load().articles }

// Section returns the section that r names, or false when there is none (any more). A withdrawn section is returned, so
// look at its Withdrawn field.
func (b *Base) Section(r Ref) (*Section, bool) {
	return b.now.Load().catalog.section(r)
}

// SectionByKey returns the section whose Ref has the given Key.
func (b *Base) SectionByKey(key string) (*Section, bool) {
	return b.now.Load().catalog.byKey(key)
}

// Version returns 8 characters that change with the articles.
func (b *Base) Version() string { return b.now.Load().version }

// Find answers a question.
func (b *Base) Find(question string) Result { return b.Search(Query{Text: question}) }

// Search answers a question with its surroundings.
func (b *Base) Search(q Query) Result { return b.now.Load().search.search(q) }

// Related returns up to n sections that are nearest to s, best first: those that share its telling words and meaning.
// They are searched once and then known until the next reload.
func (b *Base) Related(s *Section, n int) []*Section {
	c := b.now.Load()
	known, ok := c.related.Load(s.Ref)
	if !ok {
		q := Query{Text: s.Heading + " " + truncate(s.Text, 600)}
		var near []*Section
		for _, m := range c.search.search(q).Matches {
			if m.Ref != s.Ref {
				near = append(near, m.Section)
			}
		}
		if now, _ := c.catalog.section(s.Ref); now != s {
			return slices.Clip(near[:min(n, len(near))]) // of other contents: not to be kept here
		}
		known, _ = c.related.LoadOrStore(s.Ref, near)
	}
	near := known.([]*Section)
	return slices.Clip(near[:min(n, len(near))])
}

func truncate(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n]
}
