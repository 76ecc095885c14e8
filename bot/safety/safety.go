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
