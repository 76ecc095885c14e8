package bot

import "docent/knowledge"

// A Finder finds sections. *knowledge.Base is one.
type Finder interface {
	Search(knowledge.Query) knowledge.Result
	Related(s *knowledge.Section, n int) []*knowledge.Section
	Suggest(prefix string, n int) []knowledge.Suggestion
}

// A Shelf holds articles. *knowledge.Base is one.
type Shelf interface {
	Articles() []*knowledge.Article
	SectionByKey(key string) (*knowledge.Section, bool)
	Version() string
}

// A Base is what a Bot answers from: a *knowledge.Base, or a fake of it in tests.
type Base interface {
	Finder
	Shelf
}

var _ Base = (*knowledge.Base)(nil)
