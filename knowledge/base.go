package knowledge

import (
	"io/fs"
	"log/slog"
)

// A Library is a folder of articles.
type Library struct {
	FS   fs.FS
	Name string // how messages call the folder, such as "articles"
}

// Options changes how a Base is opened. The zero value is the default.
type Options struct {
	Log *slog.Logger // nil: discard
}

// A Base answers questions from articles. It is safe for use by several goroutines; Reload swaps its contents at once.
type Base struct{}

// Open reads every *.md file of the libraries. The error, if any, is an Errors that lists all that is wrong in them.
func Open(libs []Library, o Options) (*Base, error) { panic("not built yet") }

// New returns a Base over articles that were made in memory.
func New(articles []*Article, o Options) (*Base, error) { panic("not built yet") }

// Reload reads the libraries again. On an error the earlier articles go on serving.
func (b *Base) Reload() error { panic("not built yet") }

// Articles returns the articles in reading order, without what is withdrawn.
func (b *Base) Articles() []*Article { panic("not built yet") }

// Section returns the section that r names, or false when there is none (any more). A withdrawn section is returned, so
// look at its Withdrawn field.
func (b *Base) Section(r Ref) (*Section, bool) { panic("not built yet") }

// SectionByKey returns the section whose Ref has the given Key.
func (b *Base) SectionByKey(key string) (*Section, bool) { panic("not built yet") }

// Find answers a question.
func (b *Base) Find(question string) Result { return b.Search(Query{Text: question}) }

// Search answers a question with its surroundings.
func (b *Base) Search(q Query) Result { panic("not built yet") }

// Related returns up to n sections that are nearest to s, best first.
func (b *Base) Related(s *Section, n int) []*Section { panic("not built yet") }

// Suggest completes a prefix with up to n sections, best tier first. An empty prefix gives the first sections in reading
// order.
func (b *Base) Suggest(prefix string, n int) []Suggestion { panic("not built yet") }

// Version returns 8 characters that change with the articles.
func (b *Base) Version() string { panic("not built yet") }
