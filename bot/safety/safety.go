package safety

import (
	"embed"
	"io/fs"
	"sync"

	"docent/bot/rule"
)

// The kinds of rules. They are looked at in this order.
const (
	Danger        = "danger"         // somebody may be dying now
	SelfHarm      = "selfharm"       // a person in need, or somebody near them
	SelfHarmTopic = "selfharm-topic" // a question about the subject
	Dose          = "dose"           // amounts, self-treatment, mixing, buying
	Diagnosis     = "diagnosis"      // what somebody has, or what is right for them
	Pregnancy     = "pregnancy"      // answered only by sections that speak of it
	Children      = "children"       // likewise
)

//go:embed rules/*.txt
var files embed.FS

// Rules returns the rules in every language. They are read once; the error says that a rule file is wrong.
var Rules = sync.OnceValues(func() (*rule.Set, error) {
	dir, err := fs.Sub(files, "rules")
	if err != nil {
		return nil, err
	}
	return rule.Read(dir)
})

// vectorsFile is what rule.Set.Vectors computed for the rules. "go test ./bot/safety -update" writes it again.
//
//go:embed vectors.bin
var vectorsFile []byte

// Near returns the rules as they are found by meaning. They are read once; the error says that vectors.bin is not that of
// the rules.
var Near = sync.OnceValues(func() (*rule.Near, error) {
	rules, err := Rules()
	if err != nil {
		return nil, err
	}
	return rule.NewNear(rules, vectorsFile)
})
